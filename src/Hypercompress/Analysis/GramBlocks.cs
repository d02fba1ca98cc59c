using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>
/// Sums of x xᵀ in blocks of columns: what lies below the diagonal blocks is the mirror image of what lies above them, and is
/// not computed. Products run in float32, sums in float64.
/// </summary>
internal static class GramBlocks
{
    private const long BlockColumns = 384;

    /// <summary>Adds vectors to the part of a sum on and above the diagonal blocks.</summary>
    /// <param name="sum">float64 [n, n].</param>
    /// <param name="vectors">float32 [tokens, n].</param>
    internal static void Add(Tensor sum, Tensor vectors)
    {
        long width = vectors.shape[1];
        for (long first = 0; first < width; first += BlockColumns)
        {
            using var scope = NewDisposeScope();
            long count = long.Min(BlockColumns, width - first);
            Tensor product = vectors.narrow(1, first, count).t().matmul(vectors.narrow(1, first, width - first));
            sum.narrow(0, first, count).narrow(1, first, width - first).add_(product.to(ScalarType.Float64));
        }
    }

    /// <summary>The whole of a sum.</summary>
    /// <param name="sum">float64 [n, n], from <see cref="Add"/>.</param>
    /// <returns>float64 [n, n], symmetric, in the caller's scope.</returns>
    internal static Tensor Whole(Tensor sum)
    {
        using var scope = NewDisposeScope();
        return (sum.triu() + sum.triu(1).t()).MoveToOuterDisposeScope();
    }
}
