using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Sequential;

/// <summary>
/// Fits a matrix to the inputs that come from a compressed prefix. The output that the dense model would have,
/// W x + r, is best met on drifted inputs by T = (W K + D) Ĉ⁻¹, in the metric Ĉ. Both are blended with the dense
/// statistics, Ĉ_ε = (1 − ε) Ĉ + ε C and K_ε = (1 − ε) K + ε C.
/// </summary>
/// <remarks>
/// Drift: AA-SVD (arXiv 2604.02119); residual term and blend: WaterSIC (arXiv 2603.04956). Its tensors are those of the
/// scope it is made in.
/// </remarks>
internal sealed class DriftFit
{
    private readonly Tensor _weight;
    private readonly Tensor _dense;
    private readonly DriftMoments _moments;
    private readonly Tensor _wanted;
    private readonly Tensor _missing;

    /// <summary>Prepares to fit.</summary>
    /// <param name="weight">W, float64 [m, n].</param>
    /// <param name="dense">C with damping, float64 [n, n].</param>
    /// <param name="moments">Ĉ, K − Ĉ and D.</param>
    internal DriftFit(Tensor weight, Tensor dense, DriftMoments moments)
    {
        (_weight, _dense, _moments) = (weight, dense, moments);
        using var scope = NewDisposeScope();
        Tensor missing = weight.matmul(moments.Gap);
        missing = moments.Residual is null ? missing : missing + moments.Residual;
        MissesNothing = missing.count_nonzero().item<long>() == 0;
        _wanted = (weight.matmul(moments.Drifted) + missing).MoveToOuterDisposeScope();
        _missing = missing.MoveToOuterDisposeScope();
    }

    /// <summary>Whether W itself meets the output that the dense model would have.</summary>
    internal bool MissesNothing { get; }

    /// <summary>T_ε = (W K_ε + (1 − ε) D) Ĉ_ε⁻¹, damped so that it shrinks to W and not to zero.</summary>
    /// <param name="blend">ε in (0, 1].</param>
    /// <returns>float64 [m, n], in the caller's scope.</returns>
    internal Tensor Target(double blend)
    {
        using var scope = NewDisposeScope();
        Tensor factor = DampedCholesky.Factor(
            Metric(_dense, _moments.Drifted, blend),
            "the inputs after a compressed prefix are not finite; check the matrices before them");

        // Written as W + (what is missing) Ĉ⁻¹: exact for ε = 1, and damping of C shrinks the second term alone.
        Tensor added = cholesky_solve((_missing * (1 - blend)).t(), factor).t();
        return (_weight + added).MoveToOuterDisposeScope();
    }

    /// <summary>Ĉ_ε, float64 [n, n], in the caller's scope.</summary>
    /// <param name="dense">C with damping, float64 [n, n].</param>
    /// <param name="drifted">Ĉ, float64 [n, n].</param>
    /// <param name="blend">ε in (0, 1].</param>
    internal static Tensor Metric(Tensor dense, Tensor drifted, double blend) =>
        (drifted * (1 - blend)) + (dense * blend);

    /// <summary>E(w x + r − t x̂ − r̂)² of each row, less what does not depend on T.</summary>
    /// <param name="target">T, float64 [m, n].</param>
    /// <returns>float64 [m], in the caller's scope.</returns>
    internal Tensor RowErrors(Tensor target)
    {
        using var scope = NewDisposeScope();
        return ((target.matmul(_moments.Drifted) - (_wanted * 2)) * target).sum(1).MoveToOuterDisposeScope();
    }
}
