using System.Runtime.InteropServices;
using Hypercompress.NumberFormats.Blocks.Grids;
using Hypercompress.NumberFormats.Blocks.Search;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Quantization;

/// <summary>
/// Error feedback over blocks (GPTQ, Frantar et al., arXiv 2210.17323): a block gets its numbers when its turn comes,
/// from targets that hold the errors of all blocks before it. The order keeps blocks, and parts of them, together.
/// </summary>
internal static class BlockSweep
{
    private const int ChunkRows = 2048;

    /// <summary>Columns that an order must keep together.</summary>
    /// <param name="grid">The grid of the blocks.</param>
    internal static SweepGroups GroupsOf(BlockGrid grid) => new(grid.Elements, grid.PartSize, grid.Cell);

    /// <summary>Sweeps a matrix.</summary>
    /// <param name="target">T, float32 [m, n]; n a whole number of blocks.</param>
    /// <param name="sweep">H in an order of whole blocks.</param>
    /// <param name="grid">The grid of the blocks.</param>
    /// <returns>uint8 [m, bytes of a row], in the caller's scope.</returns>
    internal static Tensor Run(Tensor target, ColumnSweepFactor sweep, BlockGrid grid)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long rowBytes = target.shape[1] / grid.Elements * grid.Bytes;
        Tensor stored = empty(target.shape[0], rowBytes, dtype: ScalarType.Byte);
        Tensor order = tensor(sweep.Order.Select(column => (long)column).ToArray());
        for (long first = 0; first < target.shape[0]; first += ChunkRows)
        {
            using var chunkScope = NewDisposeScope();
            long count = long.Min(ChunkRows, target.shape[0] - first);
            Tensor rows = target.narrow(0, first, count).cpu();
            SweepChunk(rows, order, sweep, grid, stored.narrow(0, first, count));
        }

        return stored.MoveToOuterDisposeScope();
    }

    private static void SweepChunk(
        Tensor rows, Tensor order, ColumnSweepFactor sweep, BlockGrid grid, Tensor stored)
    {
        var search = new BlockSearch(grid);
        var chunk = new BlockColumns(search, grid, (int)rows.shape[0], (int)stored.shape[1]);
        Tensor padded = nn.functional.pad(rows, [0, 0, 0, chunk.Stride - rows.shape[0]]);
        Tensor wanted = padded.t().index_select(0, order);
        Tensor decided = empty_like(wanted);
        Tensor left = wanted.clone();
        for (int end = (int)wanted.shape[0]; end > 0; end -= grid.Elements)
        {
            using var scope = NewDisposeScope();
            int start = end - grid.Elements;
            Enter(search, sweep, start, grid);
            chunk.Solve(
                sweep.Order[start] / grid.Elements,
                Columns(wanted, start, grid),
                Columns(left, start, grid),
                Columns(decided, start, grid),
                stored.bytes);
            if (start > 0)
            {
                Tensor errors = wanted.narrow(0, start, grid.Elements) - decided.narrow(0, start, grid.Elements);
                Tensor scaled = sweep.Factor.narrow(0, start, grid.Elements).narrow(1, 0, start)
                    / sweep.Factor.diagonal().narrow(0, 0, start);
                left.narrow(0, 0, start).addmm_(scaled.t(), errors);
            }
        }
    }

    private static void Enter(BlockSearch search, ColumnSweepFactor sweep, int start, BlockGrid grid)
    {
        int size = grid.Elements;
        int columns = sweep.Order.Count;
        ReadOnlySpan<float> factor = MemoryMarshal.Cast<byte, float>(sweep.Factor.bytes);
        var (offsets, weights, ratios) = (new int[size], new float[size], new float[size * size]);
        for (int k = 0; k < size; k++)
        {
            float diagonal = factor[((start + k) * columns) + start + k];
            offsets[k] = sweep.Order[start + k] % size;
            weights[k] = diagonal * diagonal;
            for (int i = k + 1; i < size; i++)
            {
                ratios[(k * size) + i] = factor[((start + i) * columns) + start + k] / diagonal;
            }
        }

        search.Enter(offsets, ratios, weights);
    }

    private static Span<float> Columns(Tensor matrix, int start, BlockGrid grid)
    {
        int stride = (int)matrix.shape[1];
        return MemoryMarshal.Cast<byte, float>(matrix.bytes).Slice(start * stride, grid.Elements * stride);
    }
}
