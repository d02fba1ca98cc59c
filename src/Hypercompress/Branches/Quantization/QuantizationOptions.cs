using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Branches.Quantization;

/// <summary>
/// Section <c>branches.quantization</c>: entropy-coded levels, and integer codes with a scale per group.
/// </summary>
public sealed record QuantizationOptions : IBranchOptions
{
    /// <summary>Whether the branch takes part in mode <c>hybrid</c>.</summary>
    /// <value>The default is true.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>
    /// Code widths to choose from, each in [2, 8]; 8 and 7 bits are symmetric, 6 and fewer affine. Manual planning
    /// applies a single width everywhere and ignores several.
    /// </summary>
    [MinLength(1)]
    [Range(2, 8)]
    public ImmutableArray<int> Bits { get; init; } = [8, 4];

    /// <summary>Values of a row that share a scale, in [8, 1024].</summary>
    [Range(8, 1024)]
    public int GroupSize { get; init; } = 64;

    /// <summary>
    /// Names of the number formats to choose from, such as <c>int8-g64</c> or one that a program has registered; they
    /// replace those that <see cref="Bits"/> and <see cref="GroupSize"/> describe. Empty by default.
    /// </summary>
    public ImmutableArray<string> Formats { get; init; } = [];

    /// <summary>
    /// How codes in groups are found. <c>rtn</c>: each value to its nearest code; <c>gptq</c>: column after column, the
    /// columns that follow compensate for the rounding.
    /// </summary>
    [AllowedValues("rtn", "gptq")]
    public string Method { get; init; } = "gptq";

    /// <summary>Whether entropy-coded levels are offered.</summary>
    public bool EntropyCoding { get; init; } = true;

    /// <summary>
    /// Most bits per value of entropy-coded levels, in [0.25, 10] (the fixed bits in manual planning); unset: 8, and
    /// none in manual planning.
    /// </summary>
    [Range(0.25, 10.0)]
    public double? EntropyBits { get; init; }
}
