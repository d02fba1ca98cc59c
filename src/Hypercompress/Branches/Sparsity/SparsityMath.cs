using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>Which values of a matrix to keep. All masks are bool [m, n] in the caller's scope.</summary>
internal static class SparsityMath
{
    /// <summary>Values to keep out of <paramref name="count"/>: rounded, at least 1.</summary>
    internal static long Kept(long count, double sparsity) => long.Clamp((long)Math.Round((1 - sparsity) * count), 1, count);

    /// <summary>|T_ij|·√H_jj (Sun et al., Wanda, arXiv 2306.11695).</summary>
    /// <param name="target">T, float32 [m, n].</param>
    /// <param name="moment">H, float64 [n, n].</param>
    /// <returns>float32 [m, n].</returns>
    internal static Tensor WandaScores(Tensor target, Tensor moment)
    {
        using var scope = NewDisposeScope();
        return (target.abs() * moment.diagonal().sqrt().to(ScalarType.Float32)).MoveToOuterDisposeScope();
    }

    /// <summary>The <paramref name="kept"/> largest scores of each row.</summary>
    /// <param name="scores">float32 [m, n].</param>
    /// <param name="kept">1 to n.</param>
    internal static Tensor LargestPerRow(Tensor scores, long kept)
    {
        using var scope = NewDisposeScope();
        (_, Tensor indices) = scores.topk((int)kept, dim: 1);
        Tensor mask = zeros_like(scores, dtype: ScalarType.Bool);
        return mask.scatter_(1, indices, ones_like(indices, dtype: ScalarType.Bool)).MoveToOuterDisposeScope();
    }

    /// <summary>The <paramref name="kept"/> largest scores of the whole matrix; of equal ones, those that come first.</summary>
    /// <param name="scores">float32 [m, n].</param>
    /// <param name="kept">1 to m n.</param>
    internal static Tensor Largest(Tensor scores, long kept)
    {
        using var scope = NewDisposeScope();
        Tensor flat = scores.flatten();
        (Tensor threshold, _) = flat.kthvalue(flat.shape[0] - kept + 1, 0);
        Tensor mask = flat > threshold;
        long missing = kept - mask.sum().item<long>();
        Tensor ties = flat.eq(threshold).nonzero().flatten().narrow(0, 0, missing);
        return mask.index_fill_(0, ties, true).view(scores.shape).MoveToOuterDisposeScope();
    }
}
