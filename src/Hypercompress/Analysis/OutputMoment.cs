using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>The second moment G = E[g gᵀ] of the gradients at the outputs of a site, with a Cholesky factor that is computed once.</summary>
public sealed class OutputMoment : IDisposable
{
    // A few thousand gradients know little of the correlations between as many outputs (algorithm dossier: 0.3 to 0.5).
    private const double Shrinkage = 0.3;

    private readonly Lock _gate = new();
    private Tensor? _factor;

    /// <summary>Shrinks a second moment towards its diagonal and takes the result over.</summary>
    /// <param name="moment">float64 [m, m], symmetric, mean over tokens; stays the caller's.</param>
    /// <param name="weights">What stands on the diagonal, float64 [m], positive: the Fisher weights with their floor.</param>
    /// <exception cref="NumericalException">It holds NaN or infinity.</exception>
    public OutputMoment(Tensor moment, Tensor weights)
    {
        ArgumentNullException.ThrowIfNull(moment);
        ArgumentNullException.ThrowIfNull(weights);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        if (!moment.isfinite().all().item<bool>())
        {
            throw new NumericalException("a second moment of gradients is not finite; check the weights and the calibration text");
        }

        Tensor correlated = (moment - moment.diagonal().diag()) * (1 - Shrinkage);
        Moment = (correlated + weights.diag()).DetachFromDisposeScope();
    }

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
                return _factor ??= Decompose();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Moment.Dispose();
        _factor?.Dispose();
    }

    private Tensor Decompose()
    {
        using var noGrad = no_grad();
        return DampedCholesky.Factor(
            Moment, "a second moment of gradients is not positive definite even after damping it by its own mean").DetachFromDisposeScope();
    }
}
