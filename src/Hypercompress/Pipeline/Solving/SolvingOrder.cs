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

    private const string InOrder = "in order because";
    private const string Independently = "independently; solving them in order helps only when";

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
            return new SolvingOrder(true, "blocks are solved in order because sequential.refine_passes trains them");
        }

        if (!target.HoldsAllForms)
        {
            return new SolvingOrder(
                true, $"blocks are solved in order because matrices in the types of {target.Name} cannot be trained "
                    + "afterwards (sequential.enabled)");
        }

        bool isSequential = excess >= LeastExcess;
        string reason = string.Create(
            CultureInfo.InvariantCulture,
            $"blocks are solved {(isSequential ? InOrder : Independently)} the expected loss is at least "
            + $"{LeastExcess} nats (here {excess:0.###})");
        return new SolvingOrder(isSequential, reason);
    }
}
