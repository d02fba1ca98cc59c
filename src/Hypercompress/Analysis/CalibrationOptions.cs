using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Analysis;

/// <summary>How statistics are taken from calibration text.</summary>
public sealed record CalibrationOptions
{
    /// <summary>
    /// First positions of each window that do not count, in [0, 64]. Attention sinks stand there, whose keys and values all
    /// later tokens read (docs/experiments.md has what counting them changed, together with more gradient tokens).
    /// </summary>
    [Range(0, 64)]
    public int SkipPositions { get; init; }

    /// <summary>
    /// Most tokens of the pass with gradients, at least 1; fewer are used where a quarter of the calibration text is less.
    /// </summary>
    [Range(1, int.MaxValue)]
    public int FisherTokens { get; init; } = 16384;

    /// <summary>Longest sequence of the pass with gradients, in tokens, in [16, 8192]: bounds its memory.</summary>
    [Range(16, 8192)]
    public int FisherWindow { get; init; } = 512;

    /// <summary>Tokens per forward pass, in [1, 1048576]; windows of one length go together up to this many.</summary>
    [Range(1, 1 << 20)]
    public int BatchTokens { get; init; } = 2048;

    /// <summary>Tokens whose logits are in memory at once, in [1, 65536].</summary>
    [Range(1, 1 << 16)]
    public int HeadTokens { get; init; } = 256;

    /// <summary>Added to the diagonal of each input moment, as a share of its mean, in [0, 1].</summary>
    [Range(0.0, 1.0)]
    public double Damping { get; init; } = 0.01;

    /// <summary>Added to each output weight, as a share of their mean, in [0, 1].</summary>
    [Range(0.0, 1.0)]
    public double OutputFloor { get; init; } = 0.05;

    /// <summary>Added to each token's share in the output role of an embedding or a head, as a share of the mean, in [0, 1].</summary>
    [Range(0.0, 1.0)]
    public double TokenFloor { get; init; } = 0.02;

    /// <summary>What an error at an output is taken to cost.</summary>
    public OutputMetric OutputMetric { get; init; } = OutputMetric.Diagonal;

    /// <summary>Seed of the labels that are drawn from the model.</summary>
    public int Seed { get; init; }
}
