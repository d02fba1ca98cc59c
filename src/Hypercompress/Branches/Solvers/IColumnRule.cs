namespace Hypercompress.Branches.Solvers;

/// <summary>Decides each column while a <see cref="ColumnSweep"/> goes through the matrix.</summary>
internal interface IColumnRule
{
    /// <summary>
    /// The sweep enters a block of columns. Rules that choose between columns (which of them to prune) decide here.
    /// </summary>
    /// <param name="columns">Columns of the block, in the order in which they are going to be decided.</param>
    /// <param name="firstRow">First row of the values.</param>
    /// <param name="values">Their targets so far: values(i, r) of column i of the block.</param>
    void Enter(ReadOnlySpan<int> columns, int firstRow, ColumnBlock values)
    {
    }

    /// <summary>Decides a column.</summary>
    /// <param name="column">Its index in the matrix.</param>
    /// <param name="firstRow">First row of the values.</param>
    /// <param name="wanted">The target that compensates for all columns decided before.</param>
    /// <param name="decided">Receives what is stored, one value per row.</param>
    void Decide(int column, int firstRow, ReadOnlySpan<float> wanted, Span<float> decided);
}
