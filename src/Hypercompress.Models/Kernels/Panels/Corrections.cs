using System.Runtime.CompilerServices;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// What few levels are beyond the codes that stand for them, row by row: multiples of one number, in two bytes each.
/// </summary>
internal sealed unsafe class Corrections : IDisposable
{
    private const int GapMask = CorrectionRows.GapMask;
    private const int GapBits = CorrectionRows.GapBits;

    private readonly AlignedMemory _starts;

    private readonly AlignedMemory _corrections;
    private readonly int _unit;

    /// <summary>Joins the corrections of some rows after the other.</summary>
    /// <param name="unit">What all are multiples of.</param>
    /// <param name="parts">Those of all rows, in order.</param>
    public Corrections(int unit, IReadOnlyList<CorrectionRows> parts)
    {
        _unit = unit;
        _starts = AlignedMemory.Of<int>(parts.Sum(part => part.Ends.Count) + 1);
        _corrections = AlignedMemory.Of<short>(parts.Sum(part => part.Corrections.Count));
        int* end = _starts.As<int>();
        short* next = _corrections.As<short>();
        foreach (CorrectionRows part in parts)
        {
            int first = *end;
            foreach (int ofRow in part.Ends)
            {
                *++end = first + ofRow;
            }

            foreach (short correction in part.Corrections)
            {
                *next++ = correction;
            }
        }
    }

    /// <summary>Bytes in memory.</summary>
    public long ByteCount => _starts.ByteCount + _corrections.ByteCount;

    /// <summary>What a row's product lacks, before the factor of the row.</summary>
    /// <param name="row">0-based row.</param>
    /// <param name="x">The input, before the factors of columns.</param>
    /// <param name="factors">The factor of each column.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Product(int row, float* x, float* factors)
    {
        short* next = _corrections.As<short>() + _starts.As<int>()[row];
        short* end = _corrections.As<short>() + _starts.As<int>()[row + 1];
        int column = 0;

        // Two sums, so that an addition does not wait for the one before it.
        (float even, float odd) = (0, 0);
        for (; end - next >= 2; next += 2)
        {
            int first = column + (next[0] & GapMask);
            column = first + (next[1] & GapMask);
            even += (next[0] >> GapBits) * (factors[first] * x[first]);
            odd += (next[1] >> GapBits) * (factors[column] * x[column]);
        }

        if (next < end)
        {
            column += *next & GapMask;
            even += (*next >> GapBits) * (factors[column] * x[column]);
        }

        return (even + odd) * _unit;
    }

    /// <summary>Adds what the values of a row lack.</summary>
    /// <param name="row">0-based row.</param>
    /// <param name="values">The row's values, with the factors of columns.</param>
    /// <param name="factor">The factor of the row.</param>
    /// <param name="factors">The factor of each column.</param>
    public void AddTo(int row, Span<float> values, float factor, float* factors)
    {
        int column = 0;
        foreach (short correction in Of(row))
        {
            column += correction & GapMask;
            values[column] += (correction >> GapBits) * _unit * factors[column] * factor;
        }
    }

    /// <summary>
    /// The largest size of what some rows lack at one place; where it is more than 127 times the unit, some number from
    /// there on.
    /// </summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    public int LargestOf(int firstRow, int rows)
    {
        int largest = 0;
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            foreach (short correction in Of(row))
            {
                largest = int.Max(largest, int.Abs(correction >> GapBits));
            }
        }

        return largest * _unit;
    }

    /// <summary>Adds what the codes of some rows lack to these; the sums are codes.</summary>
    /// <param name="firstRow">The first row of the panel.</param>
    /// <param name="rows">Rows of the panel.</param>
    /// <param name="codes">The blocks of the panel, a byte a code.</param>
    public void AddTo(int firstRow, int rows, byte* codes)
    {
        for (int row = 0; row < rows; row++)
        {
            int column = 0;
            foreach (short correction in Of(firstRow + row))
            {
                column += correction & GapMask;
                byte* block = codes + ((long)(column / PanelShape.Columns) * ByteCodes.BlockBytes);
                int code = ByteCodes.Get(block, row, column % PanelShape.Columns);
                code += (correction >> GapBits) * _unit;
                ByteCodes.Put(block, row, column % PanelShape.Columns, code);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _starts.Dispose();
        _corrections.Dispose();
    }

    private ReadOnlySpan<short> Of(int row)
    {
        int start = _starts.As<int>()[row];
        return new ReadOnlySpan<short>(_corrections.As<short>() + start, _starts.As<int>()[row + 1] - start);
    }
}
