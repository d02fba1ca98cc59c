using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Sequencing;

/// <summary>
/// The section <c>sequential</c>: whether each decoder block is solved against the inputs that come from the already
/// compressed blocks before it.
/// </summary>
public sealed record SequentialOptions
{
    /// <summary>Whether blocks are solved in order, each behind the compressed ones before it.</summary>
    /// <value>The default is true.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>Tokens of the calibration text that the drift of the inputs is measured on.</summary>
    /// <value>256 to 1 000 000 000. The default is 32 768.</value>
    [Range(256, 1_000_000_000)]
    public long Tokens { get; init; } = 32_768;
}
