using static TorchSharp.torch;

namespace Hypercompress.Branches.Quantization;

/// <summary>Scales and minimums of the groups of a matrix.</summary>
/// <param name="Scales">float32 [m, groups].</param>
/// <param name="Minimums">float32 [m, groups], or null where codes are symmetric.</param>
internal sealed record GroupRanges(Tensor Scales, Tensor? Minimums)
{
    /// <summary>Scales, or scales beside minimums.</summary>
    /// <param name="numbers">float32 [m, groups] or [m, 2 groups].</param>
    /// <param name="affine">Whether the second half holds minimums.</param>
    internal static GroupRanges Of(Tensor numbers, bool affine)
    {
        long groups = affine ? numbers.shape[1] / 2 : numbers.shape[1];
        return new GroupRanges(
            numbers.narrow(1, 0, groups).contiguous(), affine ? numbers.narrow(1, groups, groups).contiguous() : null);
    }

    /// <summary>The parts there are.</summary>
    internal IEnumerable<Tensor> Parts() => Minimums is null ? [Scales] : [Scales, Minimums];

    /// <summary>Decodes codes.</summary>
    /// <param name="codes">Signed codes, float32 [m, n].</param>
    /// <param name="groupSize">Columns of a group.</param>
    /// <returns>float32 [m, n], in the caller's scope.</returns>
    internal Tensor Decode(Tensor codes, int groupSize)
    {
        using var scope = NewDisposeScope();
        Tensor scaled = codes * Spread(Scales, codes.shape[1], groupSize);
        return (Minimums is null ? scaled : scaled.add_(Spread(Minimums, codes.shape[1], groupSize)))
            .MoveToOuterDisposeScope();
    }

    /// <summary>Moves the tensors out of a scope.</summary>
    internal GroupRanges MoveToOuterDisposeScope()
    {
        Scales.MoveToOuterDisposeScope();
        Minimums?.MoveToOuterDisposeScope();
        return this;
    }

    private static Tensor Spread(Tensor perGroup, long columns, int groupSize) =>
        perGroup.repeat_interleave(groupSize, 1).narrow(1, 0, columns);
}
