using System.Collections.Immutable;
using Hypercompress.Branches;

namespace Hypercompress.Planning;

/// <summary>A summary of a plan.</summary>
/// <param name="Treatments">By branches, the largest first.</param>
/// <param name="Layers">Bytes by decoder layer; sites outside the layers have the key −1.</param>
/// <param name="Costliest">The sites with the largest predicted loss, at most ten.</param>
public sealed record PlanExplanation(
    ImmutableArray<PlanShare> Treatments,
    ImmutableSortedDictionary<int, long> Layers,
    ImmutableArray<SiteAssignment> Costliest)
{
    private const int Shown = 10;

    /// <summary>Explains a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <returns>Its sums.</returns>
    public static PlanExplanation Of(CompressionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new PlanExplanation(
            [
                .. plan.Sites.GroupBy(Treatment).Select(Share).OrderByDescending(share => share.Bytes)
                    .ThenBy(share => share.Treatment, StringComparer.Ordinal),
            ],
            plan.Sites.GroupBy(site => site.Site.Layer ?? -1)
                .ToImmutableSortedDictionary(layer => layer.Key, layer => layer.Sum(site => site.Bytes)),
            [
                .. plan.Sites.Where(site => site.PredictedLoss > 0)
                    .OrderByDescending(site => site.PredictedLoss)
                    .Take(Shown),
            ]);
    }

    private static string Treatment(SiteAssignment site) =>
        site.Offers.IsEmpty
            ? "keep"
            : string.Join('+', site.Offers.Select(Treatment).Order(StringComparer.Ordinal));

    private static string Treatment(Offer offer) => offer.Owner is null ? offer.Branch : $"{offer.Branch} stacked";

    private static PlanShare Share(IGrouping<string, SiteAssignment> sites) => new(
        sites.Key,
        sites.Count(),
        sites.Sum(site => site.Site.ElementCount),
        sites.Sum(site => site.Bytes),
        sites.Sum(site => site.PredictedLoss));
}
