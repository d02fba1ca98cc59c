using System.Globalization;
using System.IO.Enumeration;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Outlook;

/// <summary>
/// Bounds of the bytes that a student can have, from headers alone: a target outside of them is refused before any
/// work. A
/// target within them may still turn out to be out of reach when the offers are known.
/// </summary>
/// <param name="options">The section <c>planner</c>.</param>
/// <param name="outline">The teacher's sizes.</param>
internal sealed class TargetBounds(PlannerOptions options, ModelOutline outline)
{
    private const double RatioSteps = 1e4;

    /// <summary>
    /// Norms, biases and the matrices that are not compressed, and at least one byte of each other matrix.
    /// </summary>
    public long LeastBytes =>
        outline.FixedBytes + outline.Sites.Zip(outline.KeepBytes, (site, keep) => IsKept(site) ? keep : 1).Sum();

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
                "the parts that are not compressed take more",
                "ask for a much smaller one, since every matrix takes bytes too, or exclude fewer sites");
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
            || options.Exclude.Any(pattern => Matches(pattern, site));

    private static bool Matches(string pattern, Site site) =>
        FileSystemName.MatchesSimpleExpression(pattern, site.Name, ignoreCase: false);
}
