using Hypercompress.NumberFormats.Registry;
using Hypercompress.Targets;

namespace Hypercompress.Branches;

/// <summary>Settings that every branch gets from the rest of the configuration.</summary>
/// <param name="MaxRankFraction">
/// Largest rank of a factorized linear layer as a share of min(rows, columns), in (0, 1];
/// <c>targets.max_rank_fraction</c>.
/// </param>
/// <param name="Manual">
/// True when the branches' own options are fixed values: a branch then offers exactly its configured point, and nothing
/// where no option is set.
/// </param>
/// <param name="Seed">Seed of the random numbers that a branch draws.</param>
public sealed record BranchSettings(double MaxRankFraction = 1.0, bool Manual = false, int Seed = 0)
{
    /// <summary>The runtime that the result is for.</summary>
    public RuntimeTarget Target { get; init; } = RuntimeTargets.Own;

    /// <summary>The number formats that offers may name.</summary>
    public NumberFormatRegistry Formats { get; init; } = NumberFormatRegistry.Standard;
}
