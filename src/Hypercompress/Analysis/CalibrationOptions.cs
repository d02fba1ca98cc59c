using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Analysis;

/// <summary>The section <c>calibration</c>: the details of the passes over calibration text.</summary>
public record CalibrationOptions
{
    /// <summary>
    /// First positions of each window that are not counted. Attention sinks are at these positions, and all later
    /// tokens read their keys and values (docs/experiments.md has the effect of leaving them out).
    /// </summary>
    /// <value>0 to 64, and less than the tokens of a window. The default is 0.</value>
    [Range(0, 64)]
    public int SkipPositions { get; init; }

    /// <summary>Most tokens of one forward pass, which reads windows of equal length together.</summary>
    /// <value>1 to 1 048 576. The default is 2048.</value>
    [Range(1, 1 << 20)]
    public int BatchTokens { get; init; } = 2048;

    /// <summary>Longest sequence of the pass with gradients, in tokens: bounds its memory.</summary>
    /// <value>16 to 8192. The default is 512.</value>
    [Range(16, 8192)]
    public int FisherWindow { get; init; } = 512;

    /// <summary>Tokens of the pass with gradients whose logits are in memory at once.</summary>
    /// <value>1 to 65 536. The default is 256; fewer where the vocabulary is larger than 131 072.</value>
    [Range(1, 1 << 16)]
    public int HeadTokens { get; init; } = 256;

    /// <summary>Added to the diagonal of each second moment of inputs, as a share of its mean.</summary>
    /// <value>0 to 1. The default is 0.01.</value>
    [Range(0.0, 1.0)]
    public double Damping { get; init; } = 0.01;

    /// <summary>Added to the Fisher weight of each output of a site, as a share of their mean.</summary>
    /// <value>0 to 1. The default is 0.05.</value>
    [Range(0.0, 1.0)]
    public double OutputFloor { get; init; } = 0.05;

    /// <summary>
    /// Added to the weight of each token at an embedding or output projection, as a share of their mean.
    /// </summary>
    /// <value>0 to 1. The default is 0.02.</value>
    [Range(0.0, 1.0)]
    public double TokenFloor { get; init; } = 0.02;
}
