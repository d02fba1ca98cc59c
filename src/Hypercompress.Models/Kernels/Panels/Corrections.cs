using System.Runtime.CompilerServices;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// What few levels are beyond the codes that stand for them, row by row: multiples of one number, in two bytes each.
/// </summary>
internal sealed unsafe class Corrections : IDisposable
{
    private const int GapMask = byte.MaxValue;
    private const int GapBits = 8;

    private readonly AlignedMemory _starts;

    // Columns from the one before (from 0 in the first of a row), and above these bits a signed multiple. Longer gaps
    // pass over corrections of 0, and larger multiples are several corrections of one column.
    private readonly AlignedMemory _corrections;
    private readonly int _unit;

    /// <summary>Collects the corrections.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="unit">What all are multiples of.</param>
    /// <param name="corrections">In order of rows and columns.</param>
    public Corrections(int rows, int unit, IEnumerable<(int Row, int Column, int Missing)> corrections)
    {
        _unit = unit;
        _starts = AlignedMemory.Of<int>(rows + 1);
        List<short> all = [];
        (int lastRow, int lastColumn) = (0, 0);
        foreach ((int row, int column, int missing) in corrections)
        {
            for (; lastRow < row; lastColumn = 0)
            {
                _starts.As<int>()[++lastRow] = all.Count;
            }

            Add(all, column - lastColumn, missing / unit);
            lastColumn = column;
        }

        while (lastRow < rows)
        {
            _starts.As<int>()[++lastRow] = all.Count;
        }

        _corrections = AlignedMemory.Of<short>(all.Count);
        all.CopyTo(new Span<short>(_corrections.As<short>(), all.Count));
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
        short* correction = _corrections.As<short>() + _starts.As<int>()[row];
        short* end = _corrections.As<short>() + _starts.As<int>()[row + 1];
        int column = 0;
        float sum = 0;
        for (; correction < end; correction++)
        {
            column += *correction & GapMask;
            sum += (*correction >> GapBits) * factors[column] * x[column];
        }

        return sum * _unit;
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

    private static void Add(List<short> all, int gap, int multiple)
    {
        for (; gap > GapMask; gap -= GapMask)
        {
            all.Add(GapMask);
        }

        do
        {
            int part = int.Clamp(multiple, sbyte.MinValue, sbyte.MaxValue);
            all.Add((short)((part << GapBits) | gap));
            (multiple, gap) = (multiple - part, 0);
        }
        while (multiple != 0);
    }

    private ReadOnlySpan<short> Of(int row)
    {
        int start = _starts.As<int>()[row];
        return new ReadOnlySpan<short>(_corrections.As<short>() + start, _starts.As<int>()[row + 1] - start);
    }
}
