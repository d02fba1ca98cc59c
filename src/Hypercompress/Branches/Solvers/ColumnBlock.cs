namespace Hypercompress.Branches.Solvers;

/// <summary>What is wanted of the columns of a block of a <see cref="ColumnSweep"/> when it is entered.</summary>
/// <param name="values">Column after column, the one that is decided last in front.</param>
/// <param name="rows">Rows of a column.</param>
/// <param name="weights">L_kk² of each column: what a squared error costs that later columns make up for.</param>
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
