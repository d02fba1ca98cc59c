using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using Hypercompress.Settings;

namespace Hypercompress.Configuration;

/// <summary>The section <c>data</c>: the texts that statistics, training and evaluation use.</summary>
public sealed record DataOptions
{
    /// <summary>
    /// Text files that calibration and training read, or <c>.json</c> files of token ids; <c>FILE:COLUMN</c> names the
    /// column of a table. Relative paths start at the working directory.
    /// </summary>
    /// <value>
    /// The default is none: the model writes its own text, which gives worse results. For the built-in model the
    /// command line gives the text that ships with it.
    /// </value>
    [AfterCalibration]
    public ImmutableArray<string> Calibration { get; init; } = [];

    /// <summary>
    /// Text files, or <c>.json</c> files of token ids, on which teacher and student are scored; relative paths start at
    /// the
    /// working directory.
    /// </summary>
    /// <value>The default is none: the last tenth of each calibration text is held back for it.</value>
    [AfterCalibration]
    public ImmutableArray<string> Validation { get; init; } = [];

    /// <summary>Calibration tokens for the second moments of the inputs.</summary>
    /// <value>128 to 1 000 000 000. The default is 65 536.</value>
    [Range(128, 1_000_000_000)]
    public long CalibrationTokens { get; init; } = 65_536;

    /// <summary>
    /// Calibration tokens for the second moments of the output gradients, which need a backward pass.
    /// </summary>
    /// <value>128 to 1 000 000 000. The default is 16 384.</value>
    [Range(128, 1_000_000_000)]
    public long FisherTokens { get; init; } = 16_384;

    /// <summary>
    /// How an error at an output of a matrix is weighted: <c>diagonal</c>, by the mean square of the gradient there;
    /// <c>kronecker</c>, by the whole second moment of the gradients, shrunk by how much two halves of the sample
    /// disagree,
    /// which entropy-coded levels and low rank use and which takes memory, then a scratch file, for two square float32
    /// matrices per site; <c>identity</c>, equally at all outputs of a site.
    /// </summary>
    /// <value><c>identity</c>, <c>diagonal</c> or <c>kronecker</c>. The default is <c>diagonal</c>.</value>
    [AllowedValues("identity", "diagonal", "kronecker")]
    public string OutputMetric { get; init; } = "diagonal";

    /// <summary>Tokens of one calibration or training sequence.</summary>
    /// <value>16 to 1 048 576. The default is 512.</value>
    [Range(16, 1_048_576)]
    public int SequenceLength { get; init; } = 512;
}
