using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Weights;

/// <summary>x Wᵀ as all matrices compute it with libtorch, of factors that may be rounded before.</summary>
public static class LinearProduct
{
    [ThreadStatic]
    private static ScalarType? _factors;

    /// <summary>
    /// Rounds the factors of all products that this thread begins, and of those that give their gradients. Sums within
    /// a product stay in float32; its result is rounded as the factors are, and given in float32.
    /// </summary>
    /// <param name="factors"><c>BFloat16</c>, or null for factors as they are.</param>
    /// <returns>Ends it when disposed, on the same thread.</returns>
    public static IDisposable Rounding(ScalarType? factors)
    {
        var earlier = new Earlier(_factors);
        _factors = factors;
        return earlier;
    }

    /// <summary>Whether this thread rounds the factors of products.</summary>
    public static bool IsRounding => _factors is not null;

    /// <summary>Multiplies.</summary>
    /// <param name="x">[..., columns].</param>
    /// <param name="weight">[rows, columns].</param>
    /// <returns>[..., rows] in the type of <paramref name="x"/>; the caller disposes it.</returns>
    public static Tensor Of(Tensor x, Tensor weight)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(weight);
        if (_factors is not { } type)
        {
            return nn.functional.linear(x, weight);
        }

        using var scope = NewDisposeScope();
        return nn.functional.linear(x.to(type), weight.to(type)).to(x.dtype).MoveToOuterDisposeScope();
    }

    private sealed class Earlier(ScalarType? factors) : IDisposable
    {
        public void Dispose() => _factors = factors;
    }
}
