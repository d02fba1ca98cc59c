using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.EntropyCoding;

/// <summary>Turns values into levels, a part of a column at a time, and keeps them.</summary>
/// <param name="scales">The grid.</param>
/// <param name="prices">What levels cost.</param>
internal sealed class LevelQuantizer(MatrixScales scales, LevelPrices prices)
{
    private readonly TrellisSearch _search = new();
    private readonly float[] _scaled = new float[CodedMatrix.RunRows];
    private readonly byte[] _classes = new byte[CodedMatrix.RunRows];

    /// <summary>The levels so far, column after column.</summary>
    internal short[] Levels { get; } = new short[(long)scales.Rows * scales.Columns];

    /// <summary>Quantizes the part of a column that lies in one run.</summary>
    /// <param name="column">The column.</param>
    /// <param name="firstRow">First row of the run.</param>
    /// <param name="wanted">The values of the run's rows.</param>
    /// <param name="decided">Receives what the levels stand for.</param>
    internal void Quantize(int column, int firstRow, ReadOnlySpan<float> wanted, Span<float> decided)
    {
        Span<float> scaled = _scaled.AsSpan(0, wanted.Length);
        Span<byte> classes = _classes.AsSpan(0, wanted.Length);
        ReadOnlySpan<float> factors = scales.RowFactors.Slice(firstRow, wanted.Length);
        float factor = scales.ColumnFactor(column);
        for (int row = 0; row < wanted.Length; row++)
        {
            scaled[row] = wanted[row] / (factors[row] * factor);
        }

        Span<short> levels = Levels.AsSpan((column * scales.Rows) + firstRow, wanted.Length);
        scales.ClassesOf(column, firstRow, classes);
        _search.Run(scaled, classes, prices, levels);
        for (int row = 0; row < wanted.Length; row++)
        {
            decided[row] = levels[row] * (factors[row] * factor);
        }
    }

    /// <summary>Quantizes a matrix, every column for itself.</summary>
    /// <param name="values">float32 [rows, columns].</param>
    /// <returns>The levels, column after column.</returns>
    internal short[] QuantizeAll(Tensor values)
    {
        using var scope = NewDisposeScope();
        Span<float> columns = MemoryMarshal.Cast<byte, float>(values.t().cpu().contiguous().bytes);
        var decided = new float[CodedMatrix.RunRows];
        for (int column = 0; column < scales.Columns; column++)
        {
            for (int first = 0; first < scales.Rows; first += CodedMatrix.RunRows)
            {
                int count = int.Min(CodedMatrix.RunRows, scales.Rows - first);
                Quantize(column, first, columns.Slice((column * scales.Rows) + first, count), decided.AsSpan(0, count));
            }
        }

        return Levels;
    }
}
