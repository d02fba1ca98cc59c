using System.Runtime.CompilerServices;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// What few levels are beyond the codes that stand for them, row by row, with the factors of their columns.
/// </summary>
internal sealed unsafe class Corrections : IDisposable
{
    private readonly AlignedMemory _starts;
    private readonly AlignedMemory _columns;
    private readonly AlignedMemory _factors;

    /// <summary>Collects the corrections.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="corrections">In order of rows.</param>
    /// <param name="columnFactors">The factor of each column.</param>
    public Corrections(
        int rows,
        IReadOnlyList<(int Row, int Column, int Missing)> corrections,
        ReadOnlySpan<float> columnFactors)
    {
        _starts = AlignedMemory.Of<int>(rows + 1);
        _columns = AlignedMemory.Of<int>(corrections.Count);
        _factors = AlignedMemory.Of<float>(corrections.Count);
        int* starts = _starts.As<int>();
        for (int i = 0; i < corrections.Count; i++)
        {
            starts[corrections[i].Row + 1]++;
            _columns.As<int>()[i] = corrections[i].Column;
            _factors.As<float>()[i] = corrections[i].Missing * columnFactors[corrections[i].Column];
        }

        for (int row = 0; row < rows; row++)
        {
            starts[row + 1] += starts[row];
        }
    }

    /// <summary>Bytes in memory.</summary>
    public long ByteCount => _starts.ByteCount + _columns.ByteCount + _factors.ByteCount;

    /// <summary>What a row's product lacks.</summary>
    /// <param name="row">0-based row.</param>
    /// <param name="x">The input, before the factors of columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public float Product(int row, float* x)
    {
        int* columns = _columns.As<int>();
        float* factors = _factors.As<float>();
        float sum = 0;
        for (int i = _starts.As<int>()[row]; i < _starts.As<int>()[row + 1]; i++)
        {
            sum += factors[i] * x[columns[i]];
        }

        return sum;
    }

    /// <summary>Adds what the values of a row lack.</summary>
    /// <param name="row">0-based row.</param>
    /// <param name="values">The row's values, with the factors of columns.</param>
    /// <param name="factor">The factor of the row.</param>
    public void AddTo(int row, Span<float> values, float factor)
    {
        for (int i = _starts.As<int>()[row]; i < _starts.As<int>()[row + 1]; i++)
        {
            values[_columns.As<int>()[i]] += _factors.As<float>()[i] * factor;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _starts.Dispose();
        _columns.Dispose();
        _factors.Dispose();
    }
}
