using Hypercompress.Models.Kernels.Panels;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>What few levels are beyond the codes that stand for them, row by row.</summary>
internal sealed unsafe class Corrections : IDisposable
{
    private readonly AlignedMemory _starts;
    private readonly AlignedMemory _columns;
    private readonly AlignedMemory _rests;

    /// <summary>Collects the corrections.</summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="corrections">In order of rows.</param>
    public Corrections(int rows, IReadOnlyList<(int Row, int Column, int Missing)> corrections)
    {
        _starts = AlignedMemory.Of<int>(rows + 1);
        _columns = AlignedMemory.Of<int>(corrections.Count);
        _rests = AlignedMemory.Of<int>(corrections.Count);
        int* starts = _starts.As<int>();
        for (int i = 0; i < corrections.Count; i++)
        {
            starts[corrections[i].Row + 1]++;
            _columns.As<int>()[i] = corrections[i].Column;
            _rests.As<int>()[i] = corrections[i].Missing;
        }

        for (int row = 0; row < rows; row++)
        {
            starts[row + 1] += starts[row];
        }
    }

    /// <summary>Bytes in memory.</summary>
    public long ByteCount => _starts.ByteCount + _columns.ByteCount + _rests.ByteCount;

    /// <summary>What a row's product lacks.</summary>
    /// <param name="row">0-based row.</param>
    /// <param name="input">The inputs.</param>
    /// <param name="index">Which input.</param>
    public float Product(int row, QuantizedInput input, int index)
    {
        (int first, int end) = (_starts.As<int>()[row], _starts.As<int>()[row + 1]);
        if (first == end)
        {
            return 0;
        }

        float sum = Product(first, end, input.Codes(index), input.Scales(index));
        int rests = input.Count + index;
        return input.HasRests ? sum + Product(first, end, input.Codes(rests), input.Scales(rests)) : sum;
    }

    /// <summary>Adds what the levels of a row lack.</summary>
    /// <param name="row">0-based row.</param>
    /// <param name="levels">The row's levels.</param>
    public void AddTo(int row, Span<float> levels)
    {
        for (int i = _starts.As<int>()[row]; i < _starts.As<int>()[row + 1]; i++)
        {
            levels[_columns.As<int>()[i]] += _rests.As<int>()[i];
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _starts.Dispose();
        _columns.Dispose();
        _rests.Dispose();
    }

    private float Product(int first, int end, sbyte* codes, float* scales)
    {
        int* columns = _columns.As<int>();
        int* rests = _rests.As<int>();
        float sum = 0;
        for (int i = first; i < end; i++)
        {
            sum += rests[i] * (codes[columns[i]] * scales[columns[i] / PanelShape.Columns]);
        }

        return sum;
    }
}
