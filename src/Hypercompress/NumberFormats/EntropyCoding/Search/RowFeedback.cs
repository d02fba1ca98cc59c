using System.Numerics.Tensors;

namespace Hypercompress.NumberFormats.EntropyCoding.Search;

/// <summary>Corrects rows of a column for the errors of the rows before them, a block of rows at a time.</summary>
internal sealed class RowFeedback
{
    private readonly float[] _coefficients;
    private readonly int _rows;

    /// <summary>Takes over coefficients.</summary>
    /// <param name="coefficients">
    /// The multiple of the error of row i that is added to the target of a later row r, at i · rows + r.
    /// </param>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="blockRows">Rows that are decided together.</param>
    internal RowFeedback(float[] coefficients, int rows, int blockRows) =>
        (_coefficients, _rows, BlockRows) = (coefficients, rows, blockRows);

    /// <summary>Rows that are decided together.</summary>
    internal int BlockRows { get; }

    /// <summary>Adds the corrections for errors to the rows after them.</summary>
    /// <param name="firstRow">First row of the block that was decided.</param>
    /// <param name="errors">The block's errors.</param>
    /// <param name="wanted">The targets of the rows that follow the block.</param>
    internal void Spread(int firstRow, ReadOnlySpan<float> errors, Span<float> wanted)
    {
        int next = firstRow + errors.Length;
        for (int i = 0; i < errors.Length; i++)
        {
            ReadOnlySpan<float> multiples = _coefficients.AsSpan(((firstRow + i) * _rows) + next, wanted.Length);
            TensorPrimitives.MultiplyAdd(multiples, errors[i], wanted, wanted);
        }
    }
}
