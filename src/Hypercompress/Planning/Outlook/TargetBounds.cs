using System.Collections.Immutable;
using System.Globalization;
using System.IO.Enumeration;
using Hypercompress.Branches;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;
using Hypercompress.Targets;

namespace Hypercompress.Planning.Outlook;

/// <summary>
/// Bounds of the bytes that a student can have, from headers alone: a target outside of them is refused before any
/// work. A target within them may still turn out to be out of reach when the offers are known.
/// </summary>
/// <param name="options">The section <c>planner</c>.</param>
/// <param name="outline">The teacher's sizes.</param>
/// <param name="runtime">The runtime that the result is for.</param>
/// <param name="branches">All branches that take part.</param>
internal sealed class TargetBounds(
    PlannerOptions options, ModelOutline outline, RuntimeTarget runtime, ImmutableArray<CompressionBranch> branches)
{
    private const double RatioSteps = 1e4;

    /// <summary>
    /// Norms, biases and the matrices that are not compressed, and the least that the runtime holds of each other
    /// matrix: one byte at least.
    /// </summary>
    public long LeastBytes => outline.FixedBytes
        + outline.Sites.Zip(outline.KeepBytes, (site, keep) => IsKept(site) ? keep : Least(site, keep)).Sum();

    /// <summary>The teacher without any compression.</summary>
    public long MostBytes => outline.FixedBytes + outline.KeepBytes.Sum();

    /// <summary>Refuses a ratio that no plan can reach.</summary>
    /// <param name="ratio">Teacher bytes / student bytes; positive.</param>
    /// <exception cref="BudgetException">It is out of the bounds.</exception>
    public void Require(double ratio)
    {
        long target = PlanRequest.TargetFor(outline.TeacherBytes, ratio);
        if (target < LeastBytes)
        {
            throw Refusal(
                ratio,
                target,
                LeastBytes,
                "no plan is that small",
                "that is a bound, and what can be reached lies below it; ask for less, or exclude fewer sites and "
                    + "branches");
        }

        if (target / PlanRequest.Precision > MostBytes)
        {
            throw Refusal(
                ratio,
                target,
                MostBytes,
                "even without any compression the weights take less",
                "ask for at least that ratio");
        }
    }

    private BudgetException Refusal(double ratio, long target, long bound, string reason, string remedy)
    {
        double nearest = Math.Floor(RatioSteps * outline.TeacherBytes / Math.Max(1, bound)) / RatioSteps;
        string message = string.Create(
            CultureInfo.InvariantCulture,
            $"ratio {ratio:0.######} means {target} bytes, but {reason}; the nearest ratio that the sizes of the model "
            + $"allow is {nearest:0.####} ({bound} bytes): {remedy}");
        return new BudgetException(message, ratio, nearest);
    }

    private bool IsKept(Site site) =>
        !options.Include.Any(pattern => Matches(pattern, site))
            || options.Exclude.Any(pattern => Matches(pattern, site))
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

    private static bool Matches(string pattern, Site site) =>
        FileSystemName.MatchesSimpleExpression(pattern, site.Name, ignoreCase: false);
}
