using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Sequential;

/// <summary>
/// The section <c>sequential</c>: whether each decoder block is solved against the inputs that come from the already
/// compressed blocks before it.
/// </summary>
public sealed record SequentialOptions
{
    /// <summary>
    /// Whether blocks are solved in order, each on the output of the already compressed blocks. Slower; helps most at
    /// high ratios.
    /// </summary>
    /// <value>
    /// The default is null: where the plan is expected to cost 0.04 nats per token or more, 4 % of the perplexity, or
    /// blocks are trained.
    /// </value>
    public bool? Enabled { get; init; }

    /// <summary>Calibration tokens on which the drift of the inputs is measured.</summary>
    /// <value>256 to 1 000 000 000. The default is 32 768.</value>
    [Range(256, 1_000_000_000)]
    public long Tokens { get; init; } = 32_768;

    /// <summary>
    /// Passes over that text that train the continuous values of a solved block (factors, sparse values, scales)
    /// towards the dense model's states after the block. Entropy-coded matrices have no such values.
    /// </summary>
    /// <value>0 to 1000. The default is 0: no training of blocks.</value>
    [Range(0, 1000)]
    public int RefinePasses { get; init; }

    /// <summary>Highest learning rate of these passes; it falls to a tenth.</summary>
    /// <value>Above 0, at most 1. The default is 1e-4.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double RefineLearningRate { get; init; } = 1e-4;
}
