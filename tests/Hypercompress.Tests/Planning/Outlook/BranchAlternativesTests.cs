using Hypercompress.Planning;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;

namespace Hypercompress.Tests.Planning.Outlook;

public sealed class BranchAlternativesTests
{
    [Fact]
    public void Of_UnusedBranches_AreComparedAtTheSitesWhereTheyFit()
    {
        SiteOffers first = MadeUpOffers.At(
            0,
            128,
            MadeUpOffers.Make("taken", 50, 0.25),
            MadeUpOffers.Make("unused", 40, 3),
            MadeUpOffers.Make("unused", 50, 2),
            MadeUpOffers.Make("unused", 51, 1),
            MadeUpOffers.Make("large", 51, 0));
        SiteOffers second = MadeUpOffers.At(1, 128, MadeUpOffers.Make("taken", 30, 0.5));
        var plan = new CompressionPlan(
            3, 256, 0, true, [], [Taken(first), Taken(second)]);

        BranchAlternative[] found = [.. BranchAlternatives.Of(plan, [first, second])];

        Assert.Equal([new("large", 0, 0, 0), new BranchAlternative("unused", 1, 2, 0.25)], found);
    }

    [Fact]
    public void Of_LossesThatWereMeasured_AreUsedInPlaceOfErrors()
    {
        SiteOffers site = MadeUpOffers.At(
            0, 128, MadeUpOffers.Make("taken", 50, 0.25), MadeUpOffers.Make("unused", 50, 2))
            with
        { Loss = LossCurve.Proportional(3) };

        BranchAlternative found = Assert.Single(
            BranchAlternatives.Of(new CompressionPlan(3, 128, 0, true, [], [Taken(site)]), [site]));

        Assert.Equal(6, found.PredictedLoss, 1e-12);
    }

    private static SiteAssignment Taken(SiteOffers site) =>
        new(site.Site, [site.Offers[0]], site.Offers[0].Bytes, site.Offers[0].PredictedError);
}
