using Hypercompress.Models.Errors;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Tests.Planning;

public sealed class PlanRefreshTests
{
    private static readonly SiteOffers[] Sites =
    [
        MadeUpOffers.At(0, 100, MadeUpOffers.Make("a", 20, 0.1), MadeUpOffers.Make("a", 40, 0.05)),
        MadeUpOffers.At(
            1, 100, MadeUpOffers.Make("a", 20, 0.1, combines: true), MadeUpOffers.Make("b", 30, 0.5, combines: true)),
        MadeUpOffers.At(2, 100),
    ];

    private static CompressionPlan Plan { get; } = new BudgetPlanner().PlanFixed(MadeUpOffers.Request(2, Sites));

    [Fact]
    public void Apply_EditedSetting_TakesItsBytesAndError()
    {
        SiteAssignment edited = Plan.Sites[0] with
        {
            Offers = [Plan.Sites[0].Offers[0] with { Setting = Sites[0].Offers[1].Setting }],
        };

        CompressionPlan fresh = PlanRefresh.Apply(
            Plan with { Sites = Plan.Sites.SetItem(0, edited) }, [.. Sites], [], CombinationRule.Joint);

        Assert.Equal([40L, 50L, 100L], fresh.Sites.Select(site => site.Bytes));
        Assert.Equal([0.05, 0.1 * Math.Pow(0.5, 0.3), 0.0], fresh.Sites.Select(site => site.PredictedError));
    }

    [Fact]
    public void Apply_SettingThatIsNotOffered_NamesWhatIs()
    {
        SiteAssignment edited = Plan.Sites[0] with { Offers = [MadeUpOffers.Make("a", 21, 0)] };

        var failure = Assert.Throws<ConfigurationException>(() => PlanRefresh.Apply(
            Plan with { Sites = Plan.Sites.SetItem(0, edited) }, [.. Sites], [], CombinationRule.Joint));

        Assert.Contains(
            "model.layers.0.mlp.up_proj: a does not offer size 21; it offers size 20; size 40",
            failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Apply_OtherSites_Throws() =>
        Assert.Throws<ArgumentException>(() => PlanRefresh.Apply(Plan, [.. Sites.Skip(1)], [], CombinationRule.Joint));
}
