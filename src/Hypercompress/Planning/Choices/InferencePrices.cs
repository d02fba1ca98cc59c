using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Choices;

/// <summary>
/// Prices of the costs of running a model, at which its limits hold (Lagrange multipliers of the limits).
/// </summary>
/// <param name="MultiplyAdd">Nats per multiply-add.</param>
/// <param name="CachedValue">Nats per cached value.</param>
internal readonly record struct InferencePrices(double MultiplyAdd, double CachedValue)
{
    /// <summary>No limits.</summary>
    public static InferencePrices Free => default;

    /// <summary>The price of a cost.</summary>
    /// <param name="cost">The cost.</param>
    /// <returns>Nats.</returns>
    public double Of(InferenceCost cost) => (MultiplyAdd * cost.MultiplyAdds) + (CachedValue * cost.CachedValues);
}
