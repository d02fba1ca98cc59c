using System.Runtime.InteropServices;
using Hypercompress.NumberFormats.EntropyCoding.Streams;
using static TorchSharp.torch;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>Turns values into levels, a part of a column at a time, and keeps them.</summary>
/// <param name="scales">The grid.</param>
/// <param name="prices">Costs of levels in bits.</param>
/// <param name="code">Which levels may follow each other.</param>
/// <param name="levels">
/// Receives the levels, column after column, one for each value. A search may give the same array to all of its tries:
/// of a try it keeps the bytes.
/// </param>
/// <param name="keepsRemainders">Whether what rounding takes is kept, for training to start from.</param>
/// <param name="feedback">
/// The corrections that rows make for the errors of the rows before them; null where rows do not interact.
/// </param>
internal sealed class LevelQuantizer(
    MatrixScales scales,
    LevelPrices prices,
    LevelCode code,
    short[] levels,
    bool keepsRemainders = false,
    RowFeedback? feedback = null)
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

    /// <summary>
    /// What rounding took from each value, in units of levels, in the places of the levels; empty where it
    /// is not kept.
    /// </summary>
    internal Half[] Remainders { get; } =
        keepsRemainders ? new Half[(long)scales.Rows * scales.Columns] : [];

    /// <summary>Levels and remainders as they are now.</summary>
    internal QuantizedLevels Result => new(levels, Remainders);

    /// <summary>Quantizes the part of a column that is in one run.</summary>
    /// <param name="column">The column.</param>
    /// <param name="firstRow">First row of the run.</param>
    /// <param name="wanted">The values of the run's rows.</param>
    /// <param name="decided">Receives the values of the levels.</param>
    internal void Quantize(int column, int firstRow, ReadOnlySpan<float> wanted, Span<float> decided)
    {
        Span<short> run = levels.AsSpan((column * scales.Rows) + firstRow, wanted.Length);
        if (feedback is null)
        {
            Search(column, firstRow, wanted, run, TrellisCode.Start);
            Keep(column, firstRow, run);
            Read(column, firstRow, run, decided);
        }
        else
        {
            QuantizeBlocks(feedback, column, firstRow, wanted, decided, run);
        }
    }

    /// <summary>Quantizes a matrix, every column for itself.</summary>
    /// <param name="values">float32 [rows, columns].</param>
    /// <returns>The levels.</returns>
    internal QuantizedLevels QuantizeAll(Tensor values)
    {
        var decided = new float[CodedMatrix.RunRows];
        foreach ((int first, int count) in CodedMatrix.RunsOf(scales.Rows))
        {
            using var scope = NewDisposeScope();
            Tensor run = values.narrow(0, first, count).t().cpu().contiguous();
            Span<float> columns = MemoryMarshal.Cast<byte, float>(run.bytes);
            for (int column = 0; column < scales.Columns; column++)
            {
                Quantize(column, first, columns.Slice(column * count, count), decided.AsSpan(0, count));
            }
        }

        return Result;
    }

    private void QuantizeBlocks(
        RowFeedback rows, int column, int firstRow, ReadOnlySpan<float> wanted, Span<float> decided, Span<short> run)
    {
        Span<float> left = _wanted.AsSpan(0, wanted.Length);
        wanted.CopyTo(left);
        int state = TrellisCode.Start;
        for (int first = 0; first < wanted.Length; first += rows.BlockRows)
        {
            int count = int.Min(rows.BlockRows, wanted.Length - first);
            int seen = int.Min(count + RowsAhead, wanted.Length - first);
            Search(column, firstRow + first, left.Slice(first, seen), _window.AsSpan(0, seen), state);
            Span<short> block = run.Slice(first, count);
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

    private void Keep(int column, int firstRow, ReadOnlySpan<short> decided)
    {
        if (keepsRemainders)
        {
            Span<Half> remainders = Remainders.AsSpan((column * scales.Rows) + firstRow, decided.Length);
            for (int row = 0; row < decided.Length; row++)
            {
                remainders[row] = (Half)(_scaled[row] - decided[row]);
            }
        }
    }

    private void Search(int column, int firstRow, ReadOnlySpan<float> wanted, Span<short> run, int state)
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
        _search.Run(scaled, classes, prices, run, state);
    }

    private void Read(int column, int firstRow, ReadOnlySpan<short> run, Span<float> values)
    {
        ReadOnlySpan<float> factors = scales.RowFactors.Slice(firstRow, run.Length);
        float factor = scales.ColumnFactor(column);
        for (int row = 0; row < run.Length; row++)
        {
            values[row] = run[row] * (factors[row] * factor);
        }
    }
}
