using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>
/// Input moments with ones on the diagonal, H̄ = H / (d dᵀ) with d = √diag(H), and their inverses. A matrix is
/// scaled to T̄ = T diag(d): equal sizes of its values then cost the same.
/// </summary>
internal sealed class NormalizedInputs : IDisposable
{
    private readonly Dictionary<double, Tensor> _inverses = [];
    private readonly Tensor _exact;
    private readonly Tensor _scale;
    private readonly Tensor _divisor;

    /// <summary>Normalizes moments.</summary>
    /// <param name="inputs">The moments; not owned.</param>
    internal NormalizedInputs(InputMoment inputs)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor root = inputs.Moment.diagonal().sqrt();
        Tensor divisor = where(root > 0, root, ones_like(root));
        _exact = (inputs.Moment / divisor.unsqueeze(0) / divisor.unsqueeze(1)).DetachFromDisposeScope();
        Moment = _exact.to(ScalarType.Float32).DetachFromDisposeScope();
        _scale = root.to(ScalarType.Float32).DetachFromDisposeScope();
        _divisor = divisor.to(ScalarType.Float32).DetachFromDisposeScope();
    }

    /// <summary>H̄, float32 [n, n]; owned by this object.</summary>
    internal Tensor Moment { get; }

    /// <summary>T̄ = T diag(d), float32 [m, n], in the caller's scope; zero at inputs that are always zero.</summary>
    internal Tensor Normalize(Tensor target) => target * _scale;

    /// <summary>The other way, float32 [m, n], in the caller's scope.</summary>
    internal Tensor Restore(Tensor normalized) => normalized / _divisor;

    /// <summary>(H̄ + ρ I)⁻¹, float32 [n, n]; owned by this object and computed once per ρ.</summary>
    /// <param name="penalty">ρ, large enough that a semi-definite H̄ becomes well conditioned.</param>
    internal Tensor Inverse(double penalty)
    {
        if (_inverses.TryGetValue(penalty, out Tensor? known))
        {
            return known;
        }

        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor damped = _exact + (eye(_exact.shape[0], dtype: ScalarType.Float64, device: _exact.device) * penalty);
        Tensor inverse = linalg.cholesky(damped).cholesky_inverse().to(ScalarType.Float32).DetachFromDisposeScope();
        _inverses.Add(penalty, inverse);
        return inverse;
    }

    public void Dispose()
    {
        foreach (Tensor inverse in _inverses.Values)
        {
            inverse.Dispose();
        }

        _exact.Dispose();
        _scale.Dispose();
        _divisor.Dispose();
        Moment.Dispose();
    }
}
