using static TorchSharp.torch;

namespace Hypercompress.Analysis.Moments;

/// <summary>
/// Sums of x xᵀ in blocks of columns: the part below the diagonal blocks mirrors the part above them, and is
/// not computed. Products run in float32, sums in their own type.
/// </summary>
internal static class GramBlocks
{
    private const long BlockColumns = 384;

    /// <summary>Adds vectors to the part of a sum on and above the diagonal blocks.</summary>
    /// <param name="sum">Floating point [n, n].</param>
    /// <param name="vectors">float32 [tokens, n].</param>
    internal static void Add(Tensor sum, Tensor vectors)
    {
        long width = vectors.shape[1];
        for (long first = 0; first < width; first += BlockColumns)
        {
            using var scope = NewDisposeScope();
            long count = long.Min(BlockColumns, width - first);
            Tensor columns = vectors.narrow(1, first, count).t();
            Tensor following = vectors.narrow(1, first, width - first);
            Tensor block = sum.narrow(0, first, count).narrow(1, first, width - first);
            _ = sum.dtype == vectors.dtype
                ? block.addmm_(columns, following)
                : block.add_(columns.matmul(following).to(sum.dtype));
        }
    }

    /// <summary>The whole of a sum.</summary>
    /// <param name="sum">[n, n], from <see cref="Add"/>.</param>
    /// <returns>[n, n] of the same type, symmetric, in the caller's scope.</returns>
    internal static Tensor Whole(Tensor sum)
    {
        using var scope = NewDisposeScope();
        return (sum.triu() + sum.triu(1).t()).MoveToOuterDisposeScope();
    }
}
