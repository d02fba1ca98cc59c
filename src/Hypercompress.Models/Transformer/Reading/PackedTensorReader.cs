using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Packing;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Reading;

/// <summary>
/// Reads what a layout asks for out of a checkpoint, as it is multiplied without libtorch. libtorch is used only for
/// tensors that are not stored as the decoder needs them: transposed, shifted, quantized by another tool.
/// </summary>
/// <param name="config">Sizes and choices.</param>
/// <param name="source">The checkpoint; stays the caller's.</param>
internal sealed class PackedTensorReader(DecoderConfig config, ITensorSource source) : IDisposable
{
    private readonly DecoderTensorReader _widened = new(config, source);
    private readonly TensorFinder _finder = new(config.Family.HuggingFaceKeys, source);

    /// <summary>The matrix of a slot, which the caller disposes.</summary>
    public PackedMatrix Matrix(SlotLayout slot)
    {
        List<PackedMatrix> packed = [];
        try
        {
            foreach (LayoutPart part in _widened.PartsOf(slot))
            {
                packed.Add(PackBlocks(part, slot.Columns) ?? PackFloats(part, slot.Columns)
                    ?? PackWidened(part, slot.Columns));
            }

            return PackedMatrices.Stack([.. packed]);
        }
        catch
        {
            packed.ForEach(matrix => matrix.Dispose());
            throw;
        }
    }

    /// <summary>A norm, a bias or learned positions.</summary>
    public float[] Vector(VectorLayout vector)
    {
        var numbers = new float[vector.Length];
        long width = long.Max(vector.Columns, 1);
        int at = 0;
        foreach (LayoutPart part in vector.Parts)
        {
            var count = checked((int)(part.Rows * width));
            if (!TryWiden(part, vector.Columns, numbers.AsSpan(at, count)))
            {
                using Tensor read = _widened.Vector(vector);
                return [.. read.data<float>()];
            }

            at += count;
        }

        return numbers;
    }

    /// <inheritdoc/>
    public void Dispose() => _widened.Dispose();

    private static bool IsUpright(LayoutPart part) => !part.IsTransposed && part.Added == 0;

    private PackedMatrix? PackBlocks(LayoutPart part, long columns)
    {
        TensorInfo? info = IsUpright(part) ? _finder.Find(part.TensorName) : null;
        if (info is null || !info.Shape.SequenceEqual([part.TensorRows, columns]))
        {
            return null;
        }

        using StoredRows? rows = (source as IStoredRows)?.Rows(info.Name);
        return rows is null
            ? null
            : BlockPacking.Pack(rows.Take(part.TakenRows()), checked((int)part.Rows), checked((int)columns));
    }

    private PackedMatrix? PackFloats(LayoutPart part, long columns)
    {
        using StoredRows? rows = FloatRows(part, columns);
        return rows is null
            ? null
            : rows.Type switch
            {
                "F16" => PackedMatrices.FromFloats(FloatKind.Half, (int)part.Rows, (int)columns, Read),
                "BF16" => PackedMatrices.FromFloats(FloatKind.Brain, (int)part.Rows, (int)columns, Read),
                _ => PackedMatrices.FromSingles((int)part.Rows, (int)columns, Read, rounds: false),
            };

        void Read(int row, Span<byte> bytes) => rows.Row(row).CopyTo(bytes);
    }

    private PackedMatrix PackWidened(LayoutPart part, long columns)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return FloatPacking.Pack(_widened.Read(part, columns), rounds: false);
    }

    private bool TryWiden(LayoutPart part, long columns, Span<float> numbers)
    {
        using StoredRows? rows = FloatRows(part, columns);
        int width = numbers.Length / checked((int)part.Rows);
        for (int row = 0; rows is not null && row < part.Rows; row++)
        {
            FloatBytes.Widen(rows.Type, rows.Row(row), numbers.Slice(row * width, width));
        }

        return rows is not null;
    }

    // Null where the tensor is missing, has another shape or type, or must be computed: reading it widened says so.
    private StoredRows? FloatRows(LayoutPart part, long columns)
    {
        TensorInfo? info = IsUpright(part) ? _finder.Find(part.TensorName) : null;
        long[] shape = columns == 0 ? [part.TensorRows] : [part.TensorRows, columns];
        if (info is null || !info.Shape.SequenceEqual(shape) || FloatBytes.Size(info.DataType) is null
            || info.ByteLength > Array.MaxLength)
        {
            return null;
        }

        var data = new NativeBuffer((int)info.ByteLength);
        var rows = new StoredRows(info.DataType, (int)(info.ByteLength / part.TensorRows), data, part.TakenRows());
        try
        {
            if (source.TryReadBytes(info.Name, data.Bytes))
            {
                return rows;
            }
        }
        catch
        {
            rows.Dispose();
            throw;
        }

        rows.Dispose();
        return null;
    }
}
