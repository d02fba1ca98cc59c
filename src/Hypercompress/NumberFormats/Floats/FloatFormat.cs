using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.Floats;

/// <summary>A floating-point format: <c>f32</c>, <c>f16</c> or <c>bf16</c>.</summary>
public sealed record FloatFormat : ValueFormat
{
    private FloatFormat(string name, ScalarType type, int bytes) => (Name, Type, Bytes) = (name, type, bytes);

    /// <summary>IEEE single precision.</summary>
    public static FloatFormat Float32 { get; } = new("f32", ScalarType.Float32, sizeof(float));

    /// <summary>IEEE half precision.</summary>
    public static FloatFormat Float16 { get; } = new("f16", ScalarType.Float16, sizeof(short));

    /// <summary>bfloat16.</summary>
    public static FloatFormat BFloat16 { get; } = new("bf16", ScalarType.BFloat16, sizeof(short));

    /// <inheritdoc/>
    public override string Name { get; }

    /// <summary>The type of the stored tensor.</summary>
    public ScalarType Type { get; }

    /// <inheritdoc/>
    public override bool IsCoarse => false;

    private int Bytes { get; }

    /// <summary>Reads a name.</summary>
    /// <param name="name">Any text.</param>
    /// <returns>The format, or null where the text is not the name of one.</returns>
    public static FloatFormat? TryParse(string name) => name switch
    {
        "f32" => Float32,
        "f16" => Float16,
        "bf16" => BFloat16,
        _ => null,
    };

    /// <summary>The format of tensors of a type.</summary>
    /// <param name="type">Single, half or bfloat16.</param>
    /// <returns>The format.</returns>
    /// <exception cref="ArgumentOutOfRangeException">It is another type.</exception>
    internal static FloatFormat Of(ScalarType type) => type switch
    {
        ScalarType.Float32 => Float32,
        ScalarType.Float16 => Float16,
        ScalarType.BFloat16 => BFloat16,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not a type of floating-point weights"),
    };

    /// <summary>The type of the tensors that a format stores.</summary>
    /// <param name="format">A floating-point format.</param>
    /// <returns>The type.</returns>
    /// <exception cref="ArgumentException">The format is not one of floating point.</exception>
    public static ScalarType TypeOf(ValueFormat format) => format is FloatFormat floats
        ? floats.Type
        : throw new ArgumentException($"{format} is not a floating-point format", nameof(format));

    /// <inheritdoc/>
    public override long StoredBytes(long rows, long columns) => rows * columns * Bytes;

    /// <inheritdoc/>
    protected override StoredValues CreateEmpty(long rows, long columns) => new FloatValues(zeros(rows, columns), this);

    /// <inheritdoc/>
    protected override StoredValues EncodeBlock(Tensor values, Tensor? columnWeights) => new FloatValues(values, this);

    /// <inheritdoc/>
    protected override StoredValues ReadBlock(BlockReader reader, string prefix, long rows, long columns) =>
        new FloatValues(reader.ReadFinite(prefix, Type, [rows, columns]), this);
}
