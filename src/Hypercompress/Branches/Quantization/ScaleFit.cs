using static TorchSharp.torch;

namespace Hypercompress.Branches.Quantization;

/// <summary>
/// The best scales and minimums for fixed codes: for each row, least squares of (T_i − w) H (T_i − w)ᵀ over
/// one or two numbers per group.
/// </summary>
internal static class ScaleFit
{
    // Codes of a group may all be equal, so that scale and minimum cannot be separated: the unknown combination keeps
    // its value.
    private const double Ridge = 1e-6;
    private const double Smallest = 1e-12;

    /// <summary>Improves scales and minimums.</summary>
    /// <param name="target">T, float32 [m, n].</param>
    /// <param name="moment">H, float32 [n, n].</param>
    /// <param name="codes">Signed codes as numbers, float32 [m, n].</param>
    /// <param name="groupSize">Columns that share a scale.</param>
    /// <param name="ranges">The scales and, of affine codes, the minimums so far, float32 [m, groups].</param>
    /// <returns>New ones, rounded to float16, in the caller's scope.</returns>
    internal static GroupRanges Improve(
        Tensor target, Tensor moment, Tensor codes, int groupSize, GroupRanges ranges)
    {
        using var scope = NewDisposeScope();
        Tensor[] bases = ranges.Minimums is null ? [codes] : [codes, ones_like(codes)];
        Tensor numbers = cat([.. ranges.Parts()], 1).to(ScalarType.Float64);
        (Tensor normal, Tensor right) = NormalEquations(
            target - ranges.Decode(codes, groupSize), moment, bases, groupSize);
        Tensor diagonal = normal.diagonal(0, 1, 2);
        Tensor ridge = (diagonal * Ridge) + (diagonal.mean([1], keepdim: true) * Smallest).clamp(min: double.Epsilon);
        Tensor change = linalg.solve(normal + diag_embed(ridge), right.unsqueeze(2)).squeeze(2);
        Tensor improved = (numbers + change).to(ScalarType.Float16).to(ScalarType.Float32);
        return GroupRanges.Of(improved, ranges.Minimums is not null).MoveToOuterDisposeScope();
    }

    // With φ_a the basis a restricted to its group: A_ab = φ_a H φ_bᵀ and b_a = φ_a H Rᵀ for the residual R in each
    // row.
    private static (Tensor Normal, Tensor Right) NormalEquations(
        Tensor residual, Tensor moment, Tensor[] bases, int groupSize)
    {
        long columns = residual.shape[1];
        long groups = (columns + groupSize - 1) / groupSize;
        var rows = new List<Tensor>();
        var right = new List<Tensor>();
        foreach (Tensor basis in bases)
        {
            for (long group = 0; group < groups; group++)
            {
                using var scope = NewDisposeScope();
                long first = group * groupSize;
                long count = long.Min(groupSize, columns - first);
                Tensor image = basis.narrow(1, first, count).matmul(moment.narrow(0, first, count));
                right.Add((image * residual).sum(1, type: ScalarType.Float64).MoveToOuterDisposeScope());
                rows.Add(cat([.. bases.Select(other => SumGroups(image * other, groupSize, groups))], 1)
                    .MoveToOuterDisposeScope());
            }
        }

        return (stack(rows, 1), stack(right, 1));
    }

    private static Tensor SumGroups(Tensor products, int groupSize, long groups)
    {
        long missing = (groups * groupSize) - products.shape[1];
        Tensor padded = missing == 0 ? products : nn.functional.pad(products, [0, missing]);
        return padded.view(products.shape[0], groups, groupSize).sum(2, type: ScalarType.Float64);
    }
}
