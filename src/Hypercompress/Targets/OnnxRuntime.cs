using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer.Rotary;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Integers;

namespace Hypercompress.Targets;

/// <summary>
/// ONNX Runtime: codes of 4 and 8 bits in blocks (<c>MatMulNBits</c>), rows picked out of such codes
/// (<c>GatherBlockQuantized</c>), and low-rank matrices as two products.
/// </summary>
internal sealed class OnnxRuntime : RuntimeTarget
{
    private static readonly int[] BlockSizes = [16, 32, 64, 128, 256];

    /// <inheritdoc/>
    public override string Name => "onnx";

    /// <inheritdoc/>
    public override ImmutableArray<ValueFormat> Formats { get; } =
    [
        .. BlockSizes.Select(size => new IntegerFormat(bits: 8, size)),
        .. BlockSizes.Select(size => new IntegerFormat(bits: 4, size, hasZeroPoints: true)),
        .. BlockSizes.Select(size => new IntegerFormat(bits: 4, size)),
    ];

    /// <inheritdoc/>
    public override ImmutableArray<ValueFormat> FactorFormats { get; } = [FloatFormat.Float16];

    /// <inheritdoc/>
    public override string Export => "onnx";

    /// <inheritdoc/>
    public override string Quant => "keep";

    /// <inheritdoc/>
    public override bool ComputesInSingle => true;

    /// <inheritdoc/>
    public override ValueFormat VectorFormat(ValueFormat teacherFormat) => FloatFormat.Float32;

    /// <summary>Whether rows are whole blocks; an embedding is picked from codes around zero.</summary>
    /// <inheritdoc/>
    public override bool Holds(WeightSlotKind kind, long rows, long columns, ValueFormat format) =>
        format is IntegerFormat integers && columns % integers.GroupSize == 0
        && (kind != WeightSlotKind.Embedding || integers.IsSymmetric);

    /// <summary>The frequencies of rotations.</summary>
    /// <inheritdoc/>
    public override long ExtraBytes(DecoderConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Attention.Select(layer => layer.Rope).OfType<RopeSettings>().Distinct()
            .Sum(rope => (rope.Type == RopeType.LongRope ? 2L : 1L) * sizeof(float)
                * (rope.RotatedValues(config.HeadDimension) / 2));
    }
}
