using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;
using Hypercompress.Planning.Choices;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning;

/// <summary>Chooses offers for every site so that the model fits into its bytes at the least predicted loss.</summary>
public sealed class BudgetPlanner
{
    /// <summary>
    /// Solves the multiple-choice knapsack over all offers of all sites: lower convex hulls and greedy by slope, then
    /// the
    /// gap to the bound is searched (LEMS, ICML 2026, for the objective; Pisinger 1995 for the core search).
    /// </summary>
    /// <param name="request">Target and offers.</param>
    /// <returns>
    /// A plan with <c>asked ≤ ratio ≤ 1.01 · asked</c>; of any ratio from there upwards when the request is loose.
    /// </returns>
    /// <exception cref="BudgetException">
    /// No combination of choices has such a ratio, or none that has it keeps within the limits.
    /// </exception>
    /// <exception cref="ConfigurationException">An exclude pattern matches no site.</exception>
    /// <exception cref="NumericalException">An offer's prediction is not a number.</exception>
    public CompressionPlan Plan(PlanRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ImmutableArray<PlanUnit> units = new PlanUnitBuilder(Available(request), request.Combination)
            .Divide(AvailableStacks(request), request.Uniform, request.Alike);
        UnitChoice[] picked = new ConstrainedKnapsack(units, request).Solve();
        var choices = new SiteChoice[request.Sites.Length];
        foreach ((PlanUnit unit, UnitChoice choice) in units.Zip(picked))
        {
            foreach ((int site, SiteChoice part) in unit.Sites.Zip(choice.Parts))
            {
                choices[site] = part;
            }
        }

        return Assemble(request, [], choices);
    }

    /// <summary>
    /// Takes offers that were made with fixed settings, whatever their size: at each site all combinable ones of
    /// different
    /// branches together when <see cref="PlanRequest.Combination"/> combines and that is smaller than keeping the
    /// matrix,
    /// else the smallest choice.
    /// </summary>
    /// <param name="request">Offers; the target is reported, not met.</param>
    /// <returns>The plan.</returns>
    /// <exception cref="ConfigurationException">An exclude pattern matches no site.</exception>
    /// <exception cref="NumericalException">An offer's prediction is not a number.</exception>
    public CompressionPlan PlanFixed(PlanRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        ImmutableArray<SiteOffers> sites = Available(request);
        string note =
            "the settings are fixed: the ratio follows from them and may differ from the one that was asked for";
        return Assemble(request, [note], sites.Select(site => TakeFixed(site, request.Combination)));
    }

    private static ImmutableArray<SiteOffers> Available(PlanRequest request)
    {
        SitePatterns.Require(
            SitePatterns.ExcludeKey, request.ExcludePatterns, [.. request.Sites.Select(site => site.Site.Name)]);
        bool factors = request.Structural.Allows(request.AskedRatio);
        return
        [
            .. request.Sites.Select(site => site with
            {
                Offers = SitePatterns.Match(request.ExcludePatterns, site.Site.Name)
                    ? []
                    : [.. site.Offers.Where(offer => factors || !request.Structural.IsFactoring(offer))],
            }),
        ];
    }

    // The offers of a stack are taken together or not at all, so that one excluded site excludes it.
    private static ImmutableArray<OfferStack> AvailableStacks(PlanRequest request)
    {
        bool factors = request.Structural.Allows(request.AskedRatio);
        return
        [
            .. request.Stacks.Where(stack => (factors || !stack.Offers.Any(request.Structural.IsFactoring))
                && !stack.Sites.Any(site => SitePatterns.Match(request.ExcludePatterns, site))),
        ];
    }

    private static SiteChoice TakeFixed(SiteOffers site, CombinationRule rule)
    {
        ImmutableArray<SiteChoice> single = SiteChoiceBuilder.Of(site, CombinationRule.Single);
        Offer[] combinable =
        [
            .. site.Offers.Where(offer => offer.Combines).GroupBy(offer => offer.Branch)
                .Select(branch => branch.MinBy(offer => offer.PredictedError)!),
        ];
        long bytes = combinable.Sum(offer => offer.Bytes);
        return rule != CombinationRule.Single && combinable.Length > 1 && bytes < site.KeepBytes
            ? SiteChoiceBuilder.Combine(site, [.. combinable], rule)
            : single.TakeWhile(choice => choice.Bytes == single[0].Bytes).MinBy(choice => choice.Loss)!;
    }

    private static CompressionPlan Assemble(
        PlanRequest request, ImmutableArray<string> notes, IEnumerable<SiteChoice> choices)
    {
        ImmutableArray<SiteAssignment> sites =
        [
            .. request.Sites.Zip(choices, (site, choice) => SiteAssignment.Of(site.Site, choice)),
        ];
        StructuralRequest structural = request.Structural;
        bool takesFactors = sites.Any(site => site.Offers.Any(structural.IsFactoring));
        bool forced = request.AskedRatio > StructuralRequest.AutomaticRatio;
        if (forced && structural.Enable != true)
        {
            string before = structural.Enable == false ? "although it was switched off, " : string.Empty;
            notes = notes.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"structural factorization is on, {before}because the ratio {request.AskedRatio:0.##} is above "
                + $"{StructuralRequest.AutomaticRatio}"));
        }

        return new CompressionPlan(
            request.AskedRatio,
            request.TeacherBytes,
            request.FixedBytes,
            forced || takesFactors || structural.Enable == true,
            notes,
            sites);
    }
}
