using System.ComponentModel.DataAnnotations;

namespace Hypercompress.Analysis;

/// <summary>
/// All settings of <see cref="CalibrationPass"/>: those of its section, and those that a run has under <c>data</c> and
/// <c>runtime</c>.
/// </summary>
public sealed record CalibrationSettings : CalibrationOptions
{
    /// <summary>The defaults.</summary>
    public CalibrationSettings()
    {
    }

    /// <summary>Starts from the section.</summary>
    /// <param name="section">The section <c>calibration</c>.</param>
    public CalibrationSettings(CalibrationOptions section)
        : base(section)
    {
    }

    /// <summary>
    /// Most tokens of the pass with gradients; fewer are used where a quarter of the calibration text is less.
    /// </summary>
    /// <value>1 or more. The default is 16 384.</value>
    [Range(1L, long.MaxValue)]
    public long FisherTokens { get; init; } = 16_384;

    /// <summary>The cost of an error at an output.</summary>
    /// <value>The default is <see cref="OutputMetric.Diagonal"/>.</value>
    public OutputMetric OutputMetric { get; init; } = OutputMetric.Diagonal;

    /// <summary>Seed of the labels that are drawn from the model.</summary>
    /// <value>Any number. The default is 0.</value>
    public int Seed { get; init; }
}
