using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Branches.ByteLatent;

/// <summary>Section <c>branches.blt</c>: a narrow embedding table followed by a projection.</summary>
public sealed record ByteLatentOptions : IBranchOptions
{
    /// <summary>Whether the branch takes part in mode <c>hybrid</c>.</summary>
    /// <value>The default is true.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Largest width of the table (fixed width in manual planning); unset: see <see cref="EmbeddingReduction"/>.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int? LatentDim { get; init; }

    /// <summary>
    /// Share of the table's parameters to remove at least, in [0, 1); gives the largest width (the fixed width in
    /// manual planning) where <see cref="LatentDim"/> is not set. Unset: no limit of its own.
    /// </summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double? EmbeddingReduction { get; init; }
}
