using System.Globalization;
using Hypercompress.Sequential;
using Hypercompress.Targets;

namespace Hypercompress.Pipeline.Solving;

/// <summary>Whether the sites are solved in order or all at once.</summary>
/// <param name="IsSequential">Whether in order.</param>
/// <param name="Reason">Why, where the configuration leaves it open; otherwise null.</param>
internal sealed record SolvingOrder(bool IsSequential, string? Reason)
{
    // Half-way between the mildest plan where it was seen to help and the next one (docs/experiments.md).
    private const double LeastExcess = 0.04;

    /// <summary>Decides.</summary>
    /// <param name="options">The section <c>sequential</c>.</param>
    /// <param name="excess">Expected loss of the model under the plan, nats per token.</param>
    /// <param name="target">The runtime that the result is for.</param>
    /// <returns>The decision.</returns>
    public static SolvingOrder Of(SequentialOptions options, double excess, RuntimeTarget target)
    {
        if (options.Enabled is { } decided)
        {
            return new SolvingOrder(decided, null);
        }

        if (options.RefinePasses > 0)
        {
            return new SolvingOrder(true, "blocks are solved in order: they are trained (sequential.refine_passes)");
        }

        if (!target.HoldsAllForms)
        {
            return new SolvingOrder(
                true, $"blocks are solved in order: what is rounded to the types of {target.Name} does not train later "
                    + "(sequential.enabled)");
        }

        bool isSequential = excess >= LeastExcess;
        string reason = string.Create(
            CultureInfo.InvariantCulture,
            $"blocks are solved {(isSequential ? "in order" : "all at once")}: the plan is expected to cost "
            + $"{excess:0.###} nats per token; from {LeastExcess} nats on, solving blocks in order improves the result "
            + $"(sequential.enabled)");
        return new SolvingOrder(isSequential, reason);
    }
}
