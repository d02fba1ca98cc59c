using Hypercompress.NumberFormats.Blocks.Grids;

namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>A chunk of rows whose blocks are searched and written, one block of columns after the other.</summary>
/// <param name="search">Searches.</param>
/// <param name="grid">The grid.</param>
/// <param name="rows">Rows of the chunk.</param>
/// <param name="rowBytes">Bytes of a row of the matrix.</param>
internal sealed class BlockColumns(BlockSearch search, BlockGrid grid, int rows, int rowBytes)
{
    /// <summary>
    /// Rows of a column: those of the chunk, filled up to a multiple of <see cref="BlockSearch.Lanes"/>.
    /// </summary>
    public int Stride { get; } = (rows + BlockSearch.Lanes - 1) / BlockSearch.Lanes * BlockSearch.Lanes;

    /// <summary>Decides the block that the search has entered.</summary>
    /// <param name="block">0-based block of a row.</param>
    /// <param name="target">Its columns in the order of the search, <see cref="Stride"/> values each.</param>
    /// <param name="open">The same with the errors of what was decided before.</param>
    /// <param name="decided">Receives the values that are stored.</param>
    /// <param name="stored">Bytes of the rows of the chunk.</param>
    public void Solve(
        int block, ReadOnlySpan<float> target, ReadOnlySpan<float> open, Span<float> decided, Span<byte> stored)
    {
        for (int first = 0; first < rows; first += BlockSearch.Lanes)
        {
            search.Solve(target, open, decided, Stride, first);
            for (int lane = 0; lane < int.Min(BlockSearch.Lanes, rows - first); lane++)
            {
                int at = ((first + lane) * rowBytes) + (block * grid.Bytes);
                search.Write(lane, stored.Slice(at, grid.Bytes));
            }
        }
    }
}
