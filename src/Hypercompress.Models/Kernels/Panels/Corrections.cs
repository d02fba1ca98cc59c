using System.Runtime.CompilerServices;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>What few levels are beyond the codes that stand for them, row by row.</summary>
internal sealed unsafe class Corrections : IDisposable
{
    private readonly AlignedMemory _starts;
    private readonly AlignedMemory _columns;
    private readonly AlignedMemory _missing;

    /// <summary>Collects the corrections.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="corrections">In order of rows.</param>
    public Corrections(int rows, IReadOnlyList<(int Row, int Column, int Missing)> corrections)
    {
        _starts = AlignedMemory.Of<int>(rows + 1);
        _columns = AlignedMemory.Of<int>(corrections.Count);
        _missing = AlignedMemory.Of<short>(corrections.Count);
        int* starts = _starts.As<int>();
        for (int i = 0; i < corrections.Count; i++)
        {
            starts[corrections[i].Row + 1]++;
            _columns.As<int>()[i] = corrections[i].Column;
            _missing.As<short>()[i] = (short)corrections[i].Missing;
        }

        for (int row = 0; row < rows; row++)
        {
            starts[row + 1] += starts[row];
        }
    }

    /// <summary>Bytes in memory.</summary>
    public long ByteCount => _starts.ByteCount + _columns.ByteCount + _missing.ByteCount;

    /// <summary>What a row's product lacks, before the factor of the row.</summary>
    /// <param name="row">0-based row.</param>
    /// <param name="x">The input, before the factors of columns.</param>
    /// <param name="factors">The factor of each column.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Product(int row, float* x, float* factors)
    {
        int* columns = _columns.As<int>();
        short* missing = _missing.As<short>();
        int end = _starts.As<int>()[row + 1];
        float sum = 0;
        for (int i = _starts.As<int>()[row]; i < end; i++)
        {
            sum += missing[i] * factors[columns[i]] * x[columns[i]];
        }

        return sum;
    }

    /// <summary>Adds what the values of a row lack.</summary>
    /// <param name="row">0-based row.</param>
    /// <param name="values">The row's values, with the factors of columns.</param>
    /// <param name="factor">The factor of the row.</param>
    /// <param name="factors">The factor of each column.</param>
    public void AddTo(int row, Span<float> values, float factor, float* factors)
    {
        for (int i = _starts.As<int>()[row]; i < _starts.As<int>()[row + 1]; i++)
        {
            int column = _columns.As<int>()[i];
            values[column] += _missing.As<short>()[i] * factors[column] * factor;
        }
    }

    /// <summary>The largest size of what some rows lack at one place.</summary>
    /// <param name="firstRow">The first row.</param>
    /// <param name="rows">How many.</param>
    public int LargestOf(int firstRow, int rows)
    {
        int largest = 0;
        for (int i = _starts.As<int>()[firstRow]; i < _starts.As<int>()[firstRow + rows]; i++)
        {
            largest = int.Max(largest, int.Abs(_missing.As<short>()[i]));
        }

        return largest;
    }

    /// <summary>Adds what the codes of some rows lack to these; the sums are codes.</summary>
    /// <param name="firstRow">The first row of the panel.</param>
    /// <param name="rows">Rows of the panel.</param>
    /// <param name="codes">The blocks of the panel, a byte a code.</param>
    public void AddTo(int firstRow, int rows, byte* codes)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int i = _starts.As<int>()[firstRow + row]; i < _starts.As<int>()[firstRow + row + 1]; i++)
            {
                (int block, int column) = int.DivRem(_columns.As<int>()[i], PanelShape.Columns);
                byte* place = codes + ((long)block * ByteCodes.BlockBytes);
                int code = ByteCodes.Get(place, row, column) + _missing.As<short>()[i];
                ByteCodes.Put(place, row, column, code);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _starts.Dispose();
        _columns.Dispose();
        _missing.Dispose();
    }
}
