using System.Runtime.InteropServices;
using Hypercompress.NumberFormats.Blocks.Grids;
using static TorchSharp.torch;

namespace Hypercompress.NumberFormats.Blocks.Search;

/// <summary>Rounds a matrix to blocks, each by itself: no error is fed back.</summary>
internal static class BlockRounding
{
    private const int ChunkRows = 2048;

    /// <summary>Rounds a matrix.</summary>
    /// <param name="values">float32 [rows, columns]; rows are whole blocks.</param>
    /// <param name="columnWeights">The cost of a squared error in each column; null for 1.</param>
    /// <param name="grid">The grid.</param>
    /// <returns>uint8 [rows, bytes of a row], in the caller's scope.</returns>
    public static Tensor Round(Tensor values, Tensor? columnWeights, BlockGrid grid)
    {
        using var scope = NewDisposeScope();
        (long rows, int columns) = (values.shape[0], (int)values.shape[1]);
        int blocks = columns / grid.Elements;
        float[] weights = columnWeights is null
            ? [.. Enumerable.Repeat(1f, columns)]
            : columnWeights.to(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        Tensor stored = empty(rows, blocks * grid.Bytes, dtype: ScalarType.Byte);
        for (long first = 0; first < rows; first += ChunkRows)
        {
            using var chunkScope = NewDisposeScope();
            int count = (int)long.Min(ChunkRows, rows - first);
            RoundChunk(values.narrow(0, first, count), weights, grid, stored.narrow(0, first, count));
        }

        return stored.MoveToOuterDisposeScope();
    }

    private static void RoundChunk(Tensor values, float[] weights, BlockGrid grid, Tensor stored)
    {
        (int rows, int columns) = ((int)values.shape[0], (int)values.shape[1]);
        var search = new BlockSearch(grid);
        var chunk = new BlockColumns(search, grid, rows, columns / grid.Elements * grid.Bytes);
        Tensor turned = nn.functional.pad(values.cpu(), [0, 0, 0, chunk.Stride - rows]).t().contiguous();
        ReadOnlySpan<float> wanted = MemoryMarshal.Cast<byte, float>(turned.bytes);
        var decided = new float[grid.Elements * chunk.Stride];
        int[] offsets = [.. Enumerable.Range(0, grid.Elements)];
        var ratios = new float[grid.Elements * grid.Elements];
        for (int block = 0; block < columns / grid.Elements; block++)
        {
            ReadOnlySpan<float> own = wanted.Slice(block * decided.Length, decided.Length);
            search.Enter(offsets, ratios, weights.AsSpan(block * grid.Elements, grid.Elements).ToArray());
            chunk.Solve(block, own, own, decided, stored.bytes);
        }
    }
}
