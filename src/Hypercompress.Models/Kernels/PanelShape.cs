namespace Hypercompress.Models.Kernels;

/// <summary>
/// How the rows and columns of a matrix of codes are cut: panels of 8 rows, in which blocks of 32 columns follow each
/// other. Rows and columns are filled up with codes of zero.
/// </summary>
/// <param name="RowCount">Rows, at least 1.</param>
/// <param name="ColumnCount">Columns, at least 1.</param>
internal sealed record PanelShape(int RowCount, int ColumnCount)
{
    /// <summary>Rows of a panel.</summary>
    public const int Rows = 8;

    /// <summary>Columns of a block.</summary>
    public const int Columns = 32;

    /// <summary>Number of panels.</summary>
    public int Panels => (RowCount + Rows - 1) / Rows;

    /// <summary>Blocks of a panel.</summary>
    public int Blocks => (ColumnCount + Columns - 1) / Columns;
}
