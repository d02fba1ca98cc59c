using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>Cholesky factors of second moments, damped as far as they have to be.</summary>
internal static class DampedCholesky
{
    private const int Attempts = 8;
    private const double FirstDamping = 1e-6;

    /// <summary>
    /// Factorizes a moment; from 10⁻⁶ of its mean on, each attempt damps ten times as much as the one before.
    /// </summary>
    /// <param name="moment">float64 [n, n], symmetric.</param>
    /// <param name="failure">The message when no amount of damping makes it positive definite.</param>
    /// <returns>Lower triangular, float64 [n, n], in the caller's scope.</returns>
    /// <exception cref="NumericalException">No amount of damping makes it positive definite.</exception>
    internal static Tensor Factor(Tensor moment, string failure)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        double mean = moment.diagonal().mean().item<double>();
        double damping = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            Tensor damped = moment + (eye(moment.shape[0], dtype: ScalarType.Float64, device: moment.device) * damping);
            (Tensor factor, Tensor info) = linalg.cholesky_ex(damped);
            if (info.item<int>() == 0)
            {
                return factor.MoveToOuterDisposeScope();
            }

            damping = damping == 0 ? FirstDamping * mean : damping * 10;
        }

        throw new NumericalException(failure);
    }
}
