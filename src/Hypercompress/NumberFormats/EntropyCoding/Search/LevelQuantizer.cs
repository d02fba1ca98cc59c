using System.Runtime.InteropServices;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>Turns values into levels, a part of a column at a time, and keeps them.</summary>
/// <param name="scales">The grid.</param>
/// <param name="prices">Costs of levels in bits.</param>
/// <param name="code">Which levels may follow each other.</param>
/// <param name="keepsRemainders">Whether what rounding takes is kept, for training to start from.</param>
/// <param name="feedback">
/// The corrections that rows make for the errors of the rows before them; null where rows do not interact.
/// </param>
internal sealed class LevelQuantizer(
    MatrixScales scales, LevelPrices prices, LevelCode code, bool keepsRemainders, RowFeedback? feedback = null)
{
    // A path through the trellis is sure of what lies so far behind. Rows ahead of a block are looked at without what
    // the block's own errors will ask of them: they only have to tell which state it should end in.
    private const int RowsAhead = 32;

    private readonly ILevelSearch _search = code == LevelCode.Scalar ? new ScalarSearch() : new TrellisSearch();
    private readonly float[] _wanted = new float[CodedMatrix.RunRows];
    private readonly float[] _scaled = new float[CodedMatrix.RunRows];
    private readonly float[] _errors = new float[CodedMatrix.RunRows];
    private readonly byte[] _classes = new byte[CodedMatrix.RunRows];
    private readonly short[] _window = new short[CodedMatrix.RunRows];

    /// <summary>The levels so far, column after column.</summary>
    internal short[] Levels { get; } = new short[(long)scales.Rows * scales.Columns];

    /// <summary>
    /// What rounding took from each value, in units of levels, in the places of <see cref="Levels"/>; empty where it
    /// is not kept.
    /// </summary>
    internal Half[] Remainders { get; } =
        keepsRemainders ? new Half[(long)scales.Rows * scales.Columns] : [];

    /// <summary>Levels and remainders as they are now.</summary>
    internal QuantizedLevels Result => new(Levels, Remainders);

    /// <summary>Quantizes the part of a column that is in one run.</summary>
    /// <param name="column">The column.</param>
    /// <param name="firstRow">First row of the run.</param>
    /// <param name="wanted">The values of the run's rows.</param>
    /// <param name="decided">Receives the values of the levels.</param>
    internal void Quantize(int column, int firstRow, ReadOnlySpan<float> wanted, Span<float> decided)
    {
        Span<short> levels = Levels.AsSpan((column * scales.Rows) + firstRow, wanted.Length);
        if (feedback is null)
        {
            Search(column, firstRow, wanted, levels, TrellisCode.Start);
            Keep(column, firstRow, levels);
            Read(column, firstRow, levels, decided);
        }
        else
        {
            QuantizeBlocks(feedback, column, firstRow, wanted, decided, levels);
        }
    }

    /// <summary>Quantizes a matrix, every column for itself.</summary>
    /// <param name="values">float32 [rows, columns].</param>
    /// <returns>The levels.</returns>
    internal QuantizedLevels QuantizeAll(Tensor values)
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

        return Result;
    }

    private void QuantizeBlocks(
        RowFeedback rows, int column, int firstRow, ReadOnlySpan<float> wanted, Span<float> decided, Span<short> levels)
    {
        Span<float> left = _wanted.AsSpan(0, wanted.Length);
        wanted.CopyTo(left);
        int state = TrellisCode.Start;
        for (int first = 0; first < wanted.Length; first += rows.BlockRows)
        {
            int count = int.Min(rows.BlockRows, wanted.Length - first);
            int seen = int.Min(count + RowsAhead, wanted.Length - first);
            Search(column, firstRow + first, left.Slice(first, seen), _window.AsSpan(0, seen), state);
            Span<short> block = levels.Slice(first, count);
            _window.AsSpan(0, count).CopyTo(block);
            state = After(state, block);
            Keep(column, firstRow + first, block);

            Read(column, firstRow + first, block, decided.Slice(first, count));
            Span<float> errors = _errors.AsSpan(0, count);
            TensorPrimitives.Subtract(wanted.Slice(first, count), decided.Slice(first, count), errors);
            rows.Spread(firstRow + first, errors, left[(first + count)..]);
        }
    }

    private int After(int state, ReadOnlySpan<short> block)
    {
        if (code == LevelCode.Trellis)
        {
            foreach (short level in block)
            {
                state = TrellisCode.Next(state, level);
            }
        }

        return state;
    }

    private void Keep(int column, int firstRow, ReadOnlySpan<short> levels)
    {
        if (keepsRemainders)
        {
            Span<Half> remainders = Remainders.AsSpan((column * scales.Rows) + firstRow, levels.Length);
            for (int row = 0; row < levels.Length; row++)
            {
                remainders[row] = (Half)(_scaled[row] - levels[row]);
            }
        }
    }

    private void Search(int column, int firstRow, ReadOnlySpan<float> wanted, Span<short> levels, int state)
    {
        Span<float> scaled = _scaled.AsSpan(0, wanted.Length);
        Span<byte> classes = _classes.AsSpan(0, wanted.Length);
        ReadOnlySpan<float> factors = scales.RowFactors.Slice(firstRow, wanted.Length);
        float factor = scales.ColumnFactor(column);
        for (int row = 0; row < wanted.Length; row++)
        {
            scaled[row] = wanted[row] / (factors[row] * factor);
        }

        scales.ClassesOf(column, firstRow, classes);
        _search.Run(scaled, classes, prices, levels, state);
    }

    private void Read(int column, int firstRow, ReadOnlySpan<short> levels, Span<float> values)
    {
        ReadOnlySpan<float> factors = scales.RowFactors.Slice(firstRow, levels.Length);
        float factor = scales.ColumnFactor(column);
        for (int row = 0; row < levels.Length; row++)
        {
            values[row] = levels[row] * (factors[row] * factor);
        }
    }
}
