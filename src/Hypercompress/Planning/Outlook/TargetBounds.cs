using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;
using Hypercompress.Targets;

namespace Hypercompress.Planning.Outlook;

/// <summary>
/// Bounds of the bytes that a student can have and of the cost of running it, from headers alone: a target outside of
/// them is refused before any work. A target within them may still turn out to be out of reach when the offers are
/// known.
/// </summary>
/// <param name="options">The section <c>planner</c>.</param>
/// <param name="outline">The teacher's sizes.</param>
/// <param name="runtime">The runtime that the result is for.</param>
/// <param name="branches">All branches that take part.</param>
internal sealed class TargetBounds(
    PlannerOptions options, ModelOutline outline, RuntimeTarget runtime, ImmutableArray<CompressionBranch> branches)
{
    /// <summary>
    /// Norms, biases and the matrices that are not compressed, and the least that the runtime holds of each other
    /// matrix: one byte at least.
    /// </summary>
    public long LeastBytes => outline.FixedBytes
        + outline.Sites.Zip(outline.KeepBytes, (site, keep) => IsKept(site) ? keep : Least(site, keep)).Sum();

    /// <summary>The teacher without any compression.</summary>
    public long MostBytes => outline.FixedBytes + outline.KeepBytes.Sum();

    // At a site where nothing but number formats are offered, running costs what it costs now.
    private InferenceCost LeastCost => InferenceCost.Sum(outline.Sites.Select(site =>
    {
        InferenceCost dense = InferenceCost.OfDense(site, outline.IsTied);
        return IsKept(site) || !branches.Any(branch => branch.MakesForms && branch.Handles(site))
            ? dense
            : new InferenceCost(long.Min(1, dense.MultiplyAdds), long.Min(1, dense.CachedValues));
    }));

    /// <summary>Refuses patterns of sites that match none.</summary>
    /// <exception cref="ConfigurationException">A pattern matches no site.</exception>
    public void RequireSites()
    {
        string[] sites = [.. outline.Sites.Select(site => site.Name)];
        SitePatterns.Require(SitePatterns.IncludeKey, options.Include, sites);
        SitePatterns.Require(SitePatterns.ExcludeKey, options.Exclude, sites);
    }

    /// <summary>Refuses a ratio that no plan can reach, limits that none can hold, and patterns of no site.</summary>
    /// <param name="ratio">Teacher bytes / student bytes; positive.</param>
    /// <param name="inBytes">Whether it was given in bytes.</param>
    /// <exception cref="BudgetException">The ratio or a limit is out of the bounds.</exception>
    /// <exception cref="ConfigurationException">A pattern matches no site.</exception>
    public void Require(double ratio, bool inBytes = false)
    {
        RequireSites();
        if (Refuse(ratio, inBytes) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Refuses ratios when no plan can reach any of them, and patterns of no site.</summary>
    /// <param name="ratios">The ratios; none for whatever can be reached.</param>
    /// <exception cref="BudgetException">All ratios, or a limit, are out of the bounds.</exception>
    /// <exception cref="ConfigurationException">A pattern matches no site.</exception>
    public void RequireAny(ImmutableArray<double> ratios)
    {
        RequireSites();
        BudgetException?[] refusals = ratios.IsEmpty
            ? [RefuseLimits(Asked(1, inBytes: false))]
            : [.. ratios.Select(ratio => Refuse(ratio, inBytes: false))];
        if (Array.TrueForAll(refusals, refusal => refusal is not null))
        {
            throw refusals[^1]!;
        }
    }

    private AskedSize Asked(double ratio, bool inBytes) => new(ratio, outline.TeacherBytes, inBytes);

    private BudgetException? Refuse(double ratio, bool inBytes)
    {
        const string Which = "that the sizes of the model allow";
        AskedSize asked = Asked(ratio, inBytes);
        if (RefuseLimits(asked) is { } limits)
        {
            return limits;
        }

        long target = PlanRequest.TargetFor(outline.TeacherBytes, ratio);
        return target < LeastBytes
            ? asked.Refusal(
                "no plan is that small",
                LeastBytes,
                Which,
                "the smallest size that can be reached is larger than this bound; "
                    + $"{asked.GiveMore}, or exclude fewer sites and branches")
            : target / PlanRequest.Precision > MostBytes
                ? asked.Refusal(
                    "even without any compression the weights take less", MostBytes, Which, asked.GiveAtMost)
                : null;
    }

    private BudgetException? RefuseLimits(AskedSize asked) =>
        options.Limits.Allow(LeastCost) ? null : options.Limits.Refusal(asked, LeastCost);

    private bool IsKept(Site site) =>
        !SitePatterns.Match(options.Include, site.Name)
            || SitePatterns.Match(options.Exclude, site.Name)
            || !branches.Any(branch => branch.Handles(site));

    private long Least(Site site, long keep)
    {
        if (runtime.HoldsAllForms)
        {
            return 1;
        }

        IEnumerable<long> codes = runtime.Formats
            .Where(format => runtime.Holds(site.Kind, site.Rows, site.Columns, format))
            .Select(format => format.StoredBytes(site.Rows, site.Columns));
        IEnumerable<long> factors = runtime.FactorFormats
            .Select(format => format.StoredBytes(site.Rows, 1) + format.StoredBytes(1, site.Columns));
        return codes.Concat(factors).Append(keep).Min();
    }
}
