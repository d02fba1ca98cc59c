using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Sites;

/// <summary>
/// The second moment H = E[x xᵀ] of the inputs of one or more sites (q, k and v share one), in float64, with a Cholesky
/// factor that is computed once.
/// </summary>
public sealed class InputMoment : IDisposable
{
    private readonly Lock _gate = new();
    private Tensor? _factor;
    private readonly Dictionary<SweepGroups, ColumnSweepFactor> _blockSweeps = [];
    private ColumnSweepFactor? _sweep;
    private ImmutableArray<double> _eigenvalues;

    /// <summary>Takes over a second moment.</summary>
    /// <param name="moment">
    /// float64 [n, n], symmetric positive semi-definite, mean over tokens; owned from here on.
    /// </param>
    /// <param name="tokens">Tokens it was averaged over.</param>
    /// <param name="damping">Added to the diagonal, as a share of its mean; 0.01 by default.</param>
    /// <exception cref="NumericalException">It holds NaN or infinity.</exception>
    public InputMoment(Tensor moment, long tokens, double damping = 0.01)
    {
        ArgumentNullException.ThrowIfNull(moment);
        using var scope = NewDisposeScope();
        if (!moment.isfinite().all().item<bool>())
        {
            throw new NumericalException(
                "an input second moment is not finite; check the weights and the calibration text");
        }

        double mean = moment.diagonal().mean().item<double>();
        double added = mean > 0 ? damping * mean : 1.0;
        Moment = (moment + (eye(moment.shape[0], dtype: ScalarType.Float64) * added)).DetachFromDisposeScope();
        Tokens = tokens;
        moment.Dispose();
    }

    /// <summary>Damped second moment, float64 [n, n].</summary>
    public Tensor Moment { get; }

    /// <summary>Tokens it was averaged over.</summary>
    public long Tokens { get; }

    /// <summary>Width n of the input.</summary>
    public long Width => Moment.shape[0];

    /// <summary>Lower-triangular L with L Lᵀ = H, float64 [n, n]; owned by this object.</summary>
    /// <exception cref="NumericalException">No amount of damping makes the moment positive definite.</exception>
    public Tensor Factor
    {
        get
        {
            lock (_gate)
            {
                return _factor ??= Decompose(Moment);
            }
        }
    }

    /// <summary>The factor in the order of a column sweep; owned by this object.</summary>
    /// <exception cref="NumericalException">No amount of damping makes the moment positive definite.</exception>
    public ColumnSweepFactor ColumnSweep
    {
        get
        {
            lock (_gate)
            {
                return _sweep ??= ColumnSweepFactor.Of(this, SweepGroups.None);
            }
        }
    }

    /// <summary>Eigenvalues of H, ascending, none negative.</summary>
    public ImmutableArray<double> Eigenvalues
    {
        get
        {
            lock (_gate)
            {
                return _eigenvalues.IsDefault ? _eigenvalues = MeasureEigenvalues() : _eigenvalues;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Moment.Dispose();
        _factor?.Dispose();
        _sweep?.Dispose();
        foreach (ColumnSweepFactor sweep in _blockSweeps.Values)
        {
            sweep.Dispose();
        }

        _blockSweeps.Clear();
    }

    /// <summary>The factor in an order that keeps columns together.</summary>
    /// <param name="groups">Which.</param>
    /// <returns>A factor that is owned by this object.</returns>
    /// <exception cref="NumericalException">No amount of damping makes the moment positive definite.</exception>
    internal ColumnSweepFactor BlockSweep(SweepGroups groups)
    {
        lock (_gate)
        {
            if (!_blockSweeps.TryGetValue(groups, out ColumnSweepFactor? sweep))
            {
                _blockSweeps[groups] = sweep = ColumnSweepFactor.Of(this, groups);
            }

            return sweep;
        }
    }

    /// <summary>
    /// The Cholesky factor of this moment in some order of its columns, damped further where it has to be.
    /// </summary>
    /// <param name="moment">float64 [n, n].</param>
    /// <returns>Lower triangular, float64 [n, n], without an owner.</returns>
    /// <exception cref="NumericalException">No amount of damping makes it positive definite.</exception>
    internal static Tensor Decompose(Tensor moment) => DampedCholesky.Factor(
        moment, "an input second moment is not positive definite even after damping it by its own mean")
            .DetachFromDisposeScope();

    private ImmutableArray<double> MeasureEigenvalues()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return [.. linalg.eigvalsh(Moment).clamp(min: 0).cpu().data<double>()];
    }
}
