using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>
/// The second moment G = E[g gᵀ] of the gradients at the outputs of a site, with a Cholesky factor that is computed
/// once.
/// </summary>
public sealed class OutputMoment : IDisposable
{
    private readonly Lock _gate = new();
    private Tensor? _factor;

    /// <summary>Shrinks a second moment towards its diagonal and takes the result over.</summary>
    /// <param name="moment">float64 [m, m], symmetric, mean over tokens; stays the caller's.</param>
    /// <param name="weights">The diagonal, float64 [m], positive: the Fisher weights with their floor.</param>
    /// <param name="shrinkage">Share of the correlations that is left out, in [0, 1].</param>
    /// <exception cref="NumericalException">It holds NaN or infinity.</exception>
    public OutputMoment(Tensor moment, Tensor weights, double shrinkage)
    {
        ArgumentNullException.ThrowIfNull(moment);
        ArgumentNullException.ThrowIfNull(weights);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (!moment.isfinite().all().item<bool>())
        {
            throw new NumericalException(
                "a second moment of gradients is not finite; check the weights and the calibration text");
        }

        Tensor correlated = (moment - moment.diagonal().diag()) * (1 - shrinkage);
        Moment = (correlated + weights.diag()).DetachFromDisposeScope();
    }

    /// <summary>Takes a moment over that was shrunk before.</summary>
    /// <param name="moment">float64 [m, m].</param>
    internal OutputMoment(Tensor moment) => Moment = moment;

    /// <summary>G, float64 [m, m].</summary>
    public Tensor Moment { get; }

    /// <summary>Lower-triangular L with L Lᵀ = G, float64 [m, m]; owned by this object.</summary>
    /// <exception cref="NumericalException">No amount of damping makes the moment positive definite.</exception>
    public Tensor Factor
    {
        get
        {
            lock (_gate)
            {
                return _factor ??= Decompose(Moment).DetachFromDisposeScope();
            }
        }
    }

    /// <summary>
    /// How far the correlations between outputs should be shrunk: the share of their squares that is noise. A few
    /// thousand gradients know little of as many outputs; correlations that two halves of them agree on are real.
    /// </summary>
    /// <remarks>
    /// The intensity of Ledoit and Wolf (J. Multivariate Anal. 88, 2004) with the variance from two halves, since the
    /// tokens of a window are not independent.
    /// </remarks>
    /// <param name="first">Moment of one half of the gradients, float64 [m, m].</param>
    /// <param name="second">Moment of the other half.</param>
    /// <returns>In [0, 1], for the mean of the two; 1 where they agree on nothing.</returns>
    internal static double ShrinkageOf(Tensor first, Tensor second)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor one = Correlations(first);
        Tensor other = Correlations(second);
        double noise = (one - other).square().sum().item<double>() / 4;
        double signal = (one * other).sum().item<double>();
        return noise > 0 ? double.Clamp(noise / (noise + Math.Max(0, signal)), 0, 1) : signal > 0 ? 0 : 1;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Moment.Dispose();
        _factor?.Dispose();
    }

    /// <summary>Lower-triangular L with L Lᵀ = G or a part of it, float64 [m, m], in the caller's scope.</summary>
    internal static Tensor Decompose(Tensor moment)
    {
        using var noGrad = no_grad();
        return DampedCholesky.Factor(
            moment, "a second moment of gradients is not positive definite even after damping it by its own mean");
    }

    // Outputs that never had a gradient correlate with nothing.
    private static Tensor Correlations(Tensor moment)
    {
        Tensor variances = moment.diagonal();
        Tensor roots = where(variances > 0, variances, ones_like(variances)).rsqrt();
        return (moment - variances.diag()) * roots.unsqueeze(1) * roots;
    }
}
