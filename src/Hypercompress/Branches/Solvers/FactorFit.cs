using static TorchSharp.torch;

namespace Hypercompress.Branches.Solvers;

/// <summary>Closed-form fits of one factor of W' = U V while the other one is given.</summary>
internal static class FactorFit
{
    // Rows of V that rounding made equal or zero would leave the normal equations singular.
    private const double Ridge = 1e-10;

    /// <summary>The U that minimises tr[G (T − U V) H (T − U V)ᵀ] for any G: U = T H Vᵀ (V H Vᵀ)⁻¹.</summary>
    /// <param name="target">T, float32 [m, n].</param>
    /// <param name="moment">H, float64 [n, n], positive definite.</param>
    /// <param name="down">V, float64 [r, n].</param>
    /// <returns>U, float32 [m, r], in the caller's scope.</returns>
    internal static Tensor Up(Tensor target, Tensor moment, Tensor down)
    {
        using var scope = NewDisposeScope();
        return Solve(target, down.matmul(moment), down).MoveToOuterDisposeScope();
    }

    /// <summary>The same in whitened inputs, where H is the identity.</summary>
    /// <param name="target">T L, float32 [m, n].</param>
    /// <param name="down">V L, float64 [r, n].</param>
    /// <returns>U, float32 [m, r], in the caller's scope.</returns>
    internal static Tensor Up(Tensor target, Tensor down)
    {
        using var scope = NewDisposeScope();
        return Solve(target, down, down).MoveToOuterDisposeScope();
    }

    private static Tensor Solve(Tensor target, Tensor projected, Tensor down)
    {
        Tensor gram = projected.matmul(down.t());
        double mean = gram.diagonal().mean().item<double>();
        double ridge = mean > 0 ? Ridge * mean : 1;
        Tensor damped = gram + (eye(gram.shape[0], dtype: ScalarType.Float64, device: gram.device) * ridge);
        return target.matmul(linalg.solve(damped, projected).to(ScalarType.Float32).t());
    }
}
