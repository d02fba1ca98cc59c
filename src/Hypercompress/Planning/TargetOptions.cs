using System.ComponentModel.DataAnnotations;
using Hypercompress.Settings;
using Hypercompress.Targets;

namespace Hypercompress.Planning;

/// <summary>The section <c>targets</c>: the size of the student.</summary>
public sealed record TargetOptions : IValidatableObject
{
    /// <summary>
    /// Bytes of the teacher's weights as published / bytes of the student's weights. A GGUF file counts as 16 bits per
    /// weight, whatever its types.
    /// </summary>
    /// <value>1 to 1 000 000. The default is 4.</value>
    [AfterCalibration]
    [Range(1.0, 1e6)]
    public double CompressionRatio { get; init; } = 4;

    /// <summary>Size of the student's weights in bytes; replaces the ratio if given.</summary>
    /// <value>At least one byte. The default is none.</value>
    [AfterCalibration]
    public ByteSize? Bytes { get; init; }

    /// <summary>
    /// Highest rank of a low-rank piece, as a share of the smaller side of its matrix; at least rank 1 is allowed.
    /// </summary>
    /// <value>Above 0, up to 1. The default is 1: no cap.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true)]
    public double MaxRankFraction { get; init; } = 1;

    /// <summary>
    /// The runtime that runs the result; the plan counts the bytes of its file. <c>self</c>: this program, in every
    /// form
    /// and number format; <c>gguf</c>: llama.cpp and what is built on it, in the block types of a GGUF file;
    /// <c>onnx</c>: ONNX Runtime, in blocks of 4 and 8 bits and low-rank factors; <c>hf</c> and <c>vllm</c>:
    /// transformers and vLLM, in the 4 and 8 bits of compressed-tensors.
    /// </summary>
    /// <value>The default is <c>self</c>.</value>
    [AllowedValues("self", "gguf", "onnx", "hf", "vllm")]
    public string Runtime { get; init; } = RuntimeTargets.OwnName;

    /// <summary>The ratio that the options ask for.</summary>
    /// <param name="teacherBytes">Bytes of the teacher's weights as published.</param>
    /// <returns>Teacher bytes / student bytes.</returns>
    internal double RatioFor(long teacherBytes) =>
        Bytes is { } bytes ? (double)teacherBytes / bytes.Bytes : CompressionRatio;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Bytes is { Bytes: <= 0 })
        {
            yield return new ValidationResult("must be more than 0 bytes", [nameof(Bytes)]);
        }
    }
}
