using System.Runtime.InteropServices;
using Hypercompress.NumberFormats.Blocks;
using Hypercompress.NumberFormats.Blocks.Grids;
using Hypercompress.NumberFormats.Blocks.Search;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Quantization;

/// <summary>
/// Solves each block anew while all others stay as they are, and keeps what is better: the sweep decided early blocks
/// before the errors of the late ones were known. The error never grows.
/// </summary>
/// <param name="target">T, float32 [m, n].</param>
/// <param name="moment">H, float32 [n, n].</param>
/// <param name="format">The format of the blocks.</param>
internal sealed class BlockDescent(Tensor target, Tensor moment, BlockFormat format)
{
    private const int ChunkRows = 2048;

    /// <summary>Goes over all blocks once.</summary>
    /// <param name="stored">The blocks, uint8 [m, bytes of a row]; changed in place.</param>
    internal void Improve(Tensor stored)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        int size = format.Grid.Elements;
        Tensor[] factors =
        [
            .. Enumerable.Range(0, (int)moment.shape[0] / size).Select(block => linalg.cholesky(
                Own(moment, block).to(ScalarType.Float64)).to(ScalarType.Float32).contiguous()),
        ];
        for (long first = 0; first < target.shape[0]; first += ChunkRows)
        {
            using var chunkScope = NewDisposeScope();
            long count = long.Min(ChunkRows, target.shape[0] - first);
            ImproveChunk(target.narrow(0, first, count), factors, stored.narrow(0, first, count));
        }
    }

    private void ImproveChunk(Tensor rows, Tensor[] factors, Tensor stored)
    {
        BlockGrid grid = format.Grid;
        var search = new BlockSearch(grid);
        var chunk = new BlockColumns(search, grid, (int)rows.shape[0], grid.Bytes);
        using var values = new BlockValues(format, rows.shape[0], rows.shape[1], stored);
        Tensor known = Turned(values.Value(), chunk.Stride);
        Tensor errors = Turned(rows, chunk.Stride) - known;
        Tensor found = empty(rows.shape[0], grid.Bytes, dtype: ScalarType.Byte);
        for (int block = 0; block < factors.Length; block++)
        {
            using var scope = NewDisposeScope();
            (long start, Tensor own) = (block * grid.Elements, Own(moment, block));
            Tensor current = known.narrow(0, start, grid.Elements);
            Tensor pull = moment.narrow(0, start, grid.Elements).matmul(errors);
            Tensor wanted = (current + pull.cholesky_solve(factors[block])).contiguous();
            Enter(search, factors[block], grid);
            Tensor next = empty_like(wanted);
            chunk.Solve(0, Numbers(wanted), Numbers(wanted), Numbers(next), found.bytes);
            Tensor improves = Cost(wanted - next, own) < Cost(wanted - current, own);
            Tensor change = where(improves, next - current, 0f);
            errors.narrow(0, start, grid.Elements).sub_(change);
            current.add_(change);
            Tensor bytes = stored.narrow(1, block * grid.Bytes, grid.Bytes);
            Tensor isBetter = improves.narrow(0, 0, rows.shape[0]).unsqueeze(1);
            bytes.copy_(where(isBetter, found, bytes));
        }
    }

    private static Tensor Turned(Tensor rows, int stride) =>
        nn.functional.pad(rows.cpu(), [0, 0, 0, stride - rows.shape[0]]).t().contiguous();

    private static Tensor Cost(Tensor difference, Tensor own) => (own.matmul(difference) * difference).sum(dim: 0);

    private static void Enter(BlockSearch search, Tensor factor, BlockGrid grid)
    {
        int size = grid.Elements;
        ReadOnlySpan<float> lower = Numbers(factor);
        var (weights, ratios) = (new float[size], new float[size * size]);
        for (int k = 0; k < size; k++)
        {
            float diagonal = lower[(k * size) + k];
            weights[k] = diagonal * diagonal;
            for (int i = k + 1; i < size; i++)
            {
                ratios[(k * size) + i] = lower[(i * size) + k] / diagonal;
            }
        }

        search.Enter([.. Enumerable.Range(0, size)], ratios, weights);
    }

    private Tensor Own(Tensor moments, int block)
    {
        int size = format.Grid.Elements;
        return moments.narrow(0, block * size, size).narrow(1, block * size, size);
    }

    private static Span<float> Numbers(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
