using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Branches.LowRank;

/// <summary>Section <c>branches.lra</c>: low-rank factors for linear layers and an untied head.</summary>
public sealed record LowRankOptions : IBranchOptions
{
    /// <summary>Whether the branch takes part in mode <c>hybrid</c>.</summary>
    /// <value>The default is true.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>Largest rank at any layer (fixed rank in manual planning); unset: no limit of its own.</summary>
    [Range(1, int.MaxValue)]
    public int? Rank { get; init; }

    /// <summary>
    /// Share of a layer's whitened energy that the rank must retain, in (0, 1); the smallest such rank is the layer's
    /// largest (its fixed rank in manual planning). Unset: no limit of its own.
    /// </summary>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double? EnergyThreshold { get; init; }

    /// <summary>
    /// Whether layers that read the same input (gate and up) are also offered one first factor for all of them, which
    /// is stored once. Not in manual planning.
    /// </summary>
    /// <value>
    /// The default is none: where no codes compete. They beat low rank of any kind wherever it was measured
    /// (docs/experiments.md), and stacks take 1.5 times as long as all other offers.
    /// </value>
    public bool? Stacked { get; init; }

    /// <summary>Whether a layer is replaced by two in the model; unset: decided by the planner.</summary>
    public bool? EnableStructural { get; init; }
}
