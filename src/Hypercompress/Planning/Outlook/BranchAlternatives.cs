using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Outlook;

/// <summary>Shows why a plan does without a branch: its offers at the planned bytes lose more.</summary>
internal static class BranchAlternatives
{
    /// <summary>Compares a plan with the branches that it takes no offer of.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="sites">All offers, in the order of the plan's sites.</param>
    /// <returns>One entry for each branch with offers, by name.</returns>
    public static ImmutableArray<BranchAlternative> Of(CompressionPlan plan, ImmutableArray<SiteOffers> sites)
    {
        HashSet<string> used = [.. plan.Sites.SelectMany(site => site.Offers).Select(offer => offer.Branch)];
        return
        [
            .. sites.SelectMany(site => site.Offers).Select(offer => offer.Branch).Distinct()
                .Where(branch => !used.Contains(branch))
                .Order(StringComparer.Ordinal)
                .Select(branch => Compare(branch, plan, sites)),
        ];
    }

    private static BranchAlternative Compare(string branch, CompressionPlan plan, ImmutableArray<SiteOffers> sites)
    {
        var alternative = new BranchAlternative(branch, 0, 0, 0);
        foreach ((SiteAssignment planned, SiteOffers offered) in plan.Sites.Zip(sites))
        {
            Offer? best = offered.Offers
                .Where(offer => offer.Branch == branch && offer.Bytes <= planned.Bytes)
                .MinBy(offer => offer.PredictedError);
            if (best is not null)
            {
                alternative = new BranchAlternative(
                    branch,
                    alternative.Sites + 1,
                    alternative.PredictedLoss + offered.Loss.Loss(best.PredictedError),
                    alternative.PlannedLoss + planned.PredictedLoss);
            }
        }

        return alternative;
    }
}
