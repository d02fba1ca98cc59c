using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;
using Hypercompress.NumberFormats;
using Hypercompress.Sites;

namespace Hypercompress.Pipeline.Offers;

/// <summary>
/// Asks one branch for offers. Where its arithmetic breaks down, such as at a matrix whose squares are too small for
/// float32, its offers are dropped with a note; the other branches still have theirs.
/// </summary>
/// <param name="branch">The branch.</param>
/// <param name="formats">Number formats that it may use.</param>
internal sealed class OfferQuery(CompressionBranch branch, IReadOnlyList<ValueFormat> formats)
{
    /// <summary>The usable offers at a site.</summary>
    /// <param name="problem">The site's problem.</param>
    /// <param name="notes">Gets a sentence where offers are dropped.</param>
    /// <returns>The offers whose predicted errors are numbers.</returns>
    public ImmutableArray<Offer> OffersAt(SiteProblem problem, List<string> notes)
    {
        try
        {
            IReadOnlyList<Offer> made = branch.MakeOffers(problem, formats);
            ImmutableArray<Offer> usable = [.. made.Where(IsUsable)];
            if (usable.Length < made.Count)
            {
                notes.Add(
                    Dropped(problem.Site,
                    $"{made.Count - usable.Length} of {made.Count} predicted errors are not finite"));
            }

            return usable;
        }
        catch (NumericalException fault)
        {
            notes.Add(Dropped(problem.Site, fault.Message));
            return [];
        }
    }

    /// <summary>The usable offers for several sites together.</summary>
    /// <param name="group">The problems of the sites.</param>
    /// <param name="notes">Gets a sentence where offers are dropped.</param>
    /// <returns>The stacks whose predicted errors are numbers.</returns>
    public ImmutableArray<OfferStack> StacksAt(IReadOnlyList<SiteProblem> group, List<string> notes)
    {
        try
        {
            IReadOnlyList<OfferStack> made = branch.MakeStacks(group, formats);
            ImmutableArray<OfferStack> usable = [.. made.Where(stack => stack.Offers.All(IsUsable))];
            if (usable.Length < made.Count)
            {
                notes.Add(Dropped(
                    group[0].Site,
                    $"{made.Count - usable.Length} of {made.Count} predicted errors of stacks are not finite"));
            }

            return usable;
        }
        catch (NumericalException fault)
        {
            notes.Add(Dropped(group[0].Site, fault.Message));
            return [];
        }
    }

    private static bool IsUsable(Offer offer) => double.IsFinite(offer.PredictedError) && offer.PredictedError >= 0;

    private string Dropped(Site site, string reason) =>
        $"offers of branch {branch.Name} at {site.Name} were dropped: {reason}";
}
