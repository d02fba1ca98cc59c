using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>Products: two panels at a time by as many inputs as there are.</summary>
internal sealed unsafe partial class CodeMatrix<TCodes, TScales>
{
    // As many inputs as stay in the processor's second cache while all rows pass by.
    private const int InputsAtOnce = 64;

    // From here on a panel is unpacked once for all inputs.
    private const int ManyInputs = 16;

    /// <inheritdoc/>
    public override void MultiplyUnits(in LeafInput input, int first, int end, float* y, int stride)
    {
        bool unpacks = input.Count >= ManyInputs && TCodes.BlockBytes < ByteCodes.BlockBytes;
        int panelBytes = _shape.Blocks * ByteCodes.BlockBytes;
        using AlignedMemory? unpacked = unpacks ? new(2L * panelBytes) : null;
        byte* room = unpacked is null ? null : unpacked.As<byte>();
        for (int from = 0; from < input.Count; from += InputsAtOnce)
        {
            int to = int.Min(from + InputsAtOnce, input.Count);
            for (int unit = first; unit < end; unit += 2)
            {
                PreparedPanel upper = Prepare(unit, input, room);
                if (unit + 1 == end)
                {
                    Multiply(upper, unit, input, from, to, y, stride);
                    continue;
                }

                PreparedPanel lower = Prepare(unit + 1, input, room is null ? null : room + panelBytes);
                Multiply(upper, lower, unit, input, from, to, y, stride);
            }
        }
    }

    // For many inputs a panel is unpacked once, and gets what its codes lack where a byte holds it.
    private PreparedPanel Prepare(int unit, in LeafInput input, byte* unpacked)
    {
        Panel panel = PanelAt(unit);
        if (unpacked is null)
        {
            return new PreparedPanel(_kernel, panel, Corrections);
        }

        if (Corrections is not null && !input.IsRepeatable && TryWiden(panel, unit, unpacked))
        {
            return new PreparedPanel(_wholeKernel, panel.With(unpacked, SevenBitCodes.Zero), null);
        }

        UnpackedCodes<TCodes>.Unpack(panel.Codes, panel.Blocks, 0, unpacked);
        return new PreparedPanel(_unpackedKernel, panel.With(unpacked, _zero), Corrections);
    }

    private bool TryWiden(in Panel panel, int unit, byte* unpacked)
    {
        UnpackedCodes<TCodes>.Unpack(panel.Codes, panel.Blocks, (byte)(SevenBitCodes.Zero - _zero), unpacked);
        int row = unit * PanelShape.Rows;
        return Corrections!.TryAddTo<SevenBitCodes>(row, int.Min(PanelShape.Rows, Rows - row), unpacked);
    }

    private void Multiply(
        in PreparedPanel upper, in PreparedPanel lower, int unit, in LeafInput input, int from, int to, float* y,
        int stride)
    {
        const int Tile = QuantizedInput.Tile * PanelShape.Rows;
        QuantizedInput codes = input.Codes!;
        float* totals = stackalloc float[4 * Tile];
        int index = from;
        for (; upper.Kernel == lower.Kernel && index + QuantizedInput.Tile <= to; index += QuantizedInput.Tile)
        {
            upper.Kernel.MultiplyPair(upper.Panel, lower.Panel, codes, index, totals);
            if (codes.HasRests)
            {
                upper.Kernel.MultiplyPair(upper.Panel, lower.Panel, codes, codes.Count + index, totals + (2 * Tile));
                Add(totals, totals + (2 * Tile), 2 * QuantizedInput.Tile);
            }

            Finish(unit, upper.Corrections, input, index, QuantizedInput.Tile, totals, y, stride);
            Finish(unit + 1, lower.Corrections, input, index, QuantizedInput.Tile, totals + Tile, y, stride);
        }

        Multiply(upper, unit, input, index, to, y, stride);
        Multiply(lower, unit + 1, input, index, to, y, stride);
    }

    private void Multiply(
        in PreparedPanel panel, int unit, in LeafInput input, int from, int to, float* y, int stride)
    {
        float* totals = stackalloc float[2 * QuantizedInput.Tile * PanelShape.Rows];
        for (int index = from; index < to; index += QuantizedInput.Tile)
        {
            int count = int.Min(QuantizedInput.Tile, to - index);
            Multiply(panel.Kernel, panel.Panel, input.Codes!, index, count, totals);
            Finish(unit, panel.Corrections, input, index, count, totals, y, stride);
        }
    }

    // What rounding left over of a single input is multiplied beside it, so that codes are unpacked once.
    private static void Multiply(
        IPanelKernel kernel, in Panel panel, QuantizedInput codes, int index, int count, float* totals)
    {
        float* rests = totals + (count * PanelShape.Rows);
        if (!codes.HasRests)
        {
            kernel.Multiply(panel, codes, index, 1, count, totals);
            return;
        }

        if (count == 1)
        {
            kernel.Multiply(panel, codes, index, codes.Count, 2, totals);
        }
        else
        {
            kernel.Multiply(panel, codes, index, 1, count, totals);
            kernel.Multiply(panel, codes, codes.Count + index, 1, count, rests);
        }

        Add(totals, rests, count);
    }

    private static void Add(float* totals, float* rests, int count)
    {
        for (int i = 0; i < count; i++, totals += PanelShape.Rows, rests += PanelShape.Rows)
        {
            (Vector256.Load(totals) + Vector256.Load(rests)).Store(totals);
        }
    }

    private void Finish(
        int panel, Corrections? corrections, in LeafInput input, int index, int count, float* totals, float* y,
        int stride)
    {
        int row = panel * PanelShape.Rows;
        int rows = int.Min(PanelShape.Rows, Rows - row);
        float* factors = _rowFactors is null ? null : _rowFactors.As<float>() + row;
        float* target = y + ((long)index * stride) + row;
        for (int i = 0; i < count; i++, totals += PanelShape.Rows, target += stride)
        {
            if (corrections is not null)
            {
                Correct(corrections, row, rows, input.Numbers + ((long)(index + i) * Columns), totals);
            }

            if (rows == PanelShape.Rows)
            {
                Vector256<float> all = Vector256.Load(totals);
                (factors is null ? all : all * Vector256.Load(factors)).Store(target);
                continue;
            }

            for (int r = 0; r < rows; r++)
            {
                target[r] = factors is null ? totals[r] : totals[r] * factors[r];
            }
        }
    }

    private void Correct(Corrections corrections, int row, int rows, float* x, float* totals)
    {
        for (int r = 0; r < rows; r++)
        {
            totals[r] += corrections.Product(row + r, x, ColumnFactors);
        }
    }
}
