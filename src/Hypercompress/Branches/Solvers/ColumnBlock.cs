namespace Hypercompress.Branches.Solvers;

/// <summary>The targets of the columns of a block when a <see cref="ColumnSweep"/> enters it.</summary>
/// <param name="values">Column after column, the one that is decided last in front.</param>
/// <param name="rows">Rows of a column.</param>
/// <param name="weights">L_kk² of each column: the cost of a squared error for which later columns compensate.</param>
internal readonly ref struct ColumnBlock(ReadOnlySpan<float> values, int rows, ReadOnlySpan<float> weights)
{
    private readonly ReadOnlySpan<float> _values = values;

    /// <summary>Rows of a column.</summary>
    internal int Rows => rows;

    /// <summary>L_kk² of each column, in the order in which they are decided.</summary>
    internal ReadOnlySpan<float> Weights { get; } = weights;

    /// <summary>A column of the block.</summary>
    /// <param name="index">Position in the order in which they are decided.</param>
    internal ReadOnlySpan<float> Column(int index) => _values.Slice((Weights.Length - 1 - index) * rows, rows);
}
