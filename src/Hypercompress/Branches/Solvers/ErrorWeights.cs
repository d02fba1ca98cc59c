using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Solvers;

/// <summary>The cost of a rounding error by column or by row, scaled to mean 1: steers the choice of scales.</summary>
internal static class ErrorWeights
{
    /// <summary>diag(H), float32 [n], in the caller's scope.</summary>
    internal static Tensor Columns(SiteProblem problem)
    {
        using var scope = NewDisposeScope();
        return Normalize(problem.Inputs.Moment.diagonal()).MoveToOuterDisposeScope();
    }

    /// <summary>g, float32 [m], in the caller's scope.</summary>
    internal static Tensor Rows(Tensor outputWeights)
    {
        using var scope = NewDisposeScope();
        return Normalize(outputWeights).MoveToOuterDisposeScope();
    }

    private static Tensor Normalize(Tensor weights) => (weights / weights.mean()).to(ScalarType.Float32);
}
