using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>
/// What a matrix should become when its inputs come from a compressed prefix. The output that the dense model would have,
/// W x + r, is best met on drifted inputs by T = (W K + D) Ĉ⁻¹, in the metric Ĉ. With few tokens that overfits; so both are
/// blended with the dense statistics, Ĉ_ε = (1 − ε) Ĉ + ε C and K_ε = (1 − ε) K + ε C, and ε is the one that does best on the
/// half of the tokens which T was not fitted on. ε = 1 corrects nothing.
/// </summary>
/// <remarks>Drift: AA-SVD (arXiv 2604.02119); residual term and blend: WaterSIC (arXiv 2603.04956).</remarks>
internal static class DriftCorrection
{
    /// <summary>The blend that corrects nothing.</summary>
    internal const double None = 1;

    // A correction has to win clearly: what it gains on one half of the text it may lose on other text.
    private const double LeastGain = 0.02;
    private const double Strongest = 0.1;
    private static readonly double[] Blends = [0.75, 0.5, 0.25, Strongest];

    /// <summary>Chooses ε for a site.</summary>
    /// <param name="weight">W, float64 [m, n].</param>
    /// <param name="outputWeights">g, float64 [m].</param>
    /// <param name="dense">C with damping, float64 [n, n].</param>
    /// <param name="halves">Statistics of two halves of the tokens.</param>
    /// <returns>ε in (0, 1].</returns>
    internal static double Choose(
        Tensor weight, Tensor outputWeights, Tensor dense, (DriftMoments First, DriftMoments Second) halves)
    {
        using var scope = NewDisposeScope();
        (Tensor First, Tensor Second) Fit(double candidate) =>
            (Target(weight, dense, halves.First, candidate), Target(weight, dense, halves.Second, candidate));
        double Error(Tensor onFirst, Tensor onSecond) =>
            HeldOut(weight, outputWeights, onFirst, halves.First) + HeldOut(weight, outputWeights, onSecond, halves.Second);

        // About the least that any T can have on the tokens that it was fitted on.
        (Tensor First, Tensor Second) strongest = Fit(Strongest);
        double unchanged = Error(weight, weight);
        double floor = Error(strongest.First, strongest.Second);
        (double best, double blend) = (unchanged - (LeastGain * (unchanged - floor)), None);
        foreach (double candidate in Blends)
        {
            using var inner = NewDisposeScope();
            (Tensor first, Tensor second) = candidate == Strongest ? strongest : Fit(candidate);
            double error = Error(onFirst: second, onSecond: first);
            (best, blend) = error < best ? (error, candidate) : (best, blend);
        }

        return blend;
    }

    /// <summary>T_ε = (W K_ε + (1 − ε) D) Ĉ_ε⁻¹, damped so that it shrinks to W and not to zero.</summary>
    /// <param name="weight">W, float64 [m, n].</param>
    /// <param name="dense">C with damping, float64 [n, n].</param>
    /// <param name="moments">Ĉ, K and D.</param>
    /// <param name="blend">ε in (0, 1].</param>
    /// <returns>float64 [m, n], in the caller's scope.</returns>
    internal static Tensor Target(Tensor weight, Tensor dense, DriftMoments moments, double blend)
    {
        using var scope = NewDisposeScope();
        Tensor metric = Metric(dense, moments, blend);
        double share = 1 - blend;

        // Written as W + (what is missing) Ĉ⁻¹: exact for ε = 1, and damping of C shrinks the second term alone.
        Tensor missing = weight.matmul((moments.Cross - moments.Drifted) * share);
        missing = moments.Residual is null ? missing : missing + (moments.Residual * share);
        return (weight + Divide(missing, metric)).MoveToOuterDisposeScope();
    }

    /// <summary>Ĉ_ε, float64 [n, n], in the caller's scope.</summary>
    internal static Tensor Metric(Tensor dense, DriftMoments moments, double blend) =>
        (moments.Drifted * (1 - blend)) + (dense * blend);

    // E‖W x + r − T x̂ − r̂‖² in the metric g, less what does not depend on T.
    private static double HeldOut(Tensor weight, Tensor outputWeights, Tensor target, DriftMoments moments)
    {
        using var scope = NewDisposeScope();
        Tensor wanted = Wanted(weight, moments);
        Tensor perRow = ((target.matmul(moments.Drifted) - (wanted * 2)) * target).sum(1);
        return (perRow * outputWeights).sum().item<double>();
    }

    private static Tensor Wanted(Tensor weight, DriftMoments moments)
    {
        Tensor wanted = weight.matmul(moments.Cross);
        return moments.Residual is null ? wanted : wanted + moments.Residual;
    }

    // A M⁻¹ for a symmetric positive M.
    private static Tensor Divide(Tensor values, Tensor metric)
    {
        Tensor factor = DampedCholesky.Factor(
            metric, "the inputs behind a compressed prefix are not finite; check the pieces before them");
        return cholesky_solve(values.t(), factor).t();
    }
}
