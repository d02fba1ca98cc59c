using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Choices;

/// <summary>What the limits on running a model make its costs worth (their Lagrange multipliers).</summary>
/// <param name="MultiplyAdd">Nats per multiply-add.</param>
/// <param name="CachedValue">Nats per cached value.</param>
internal readonly record struct InferencePrices(double MultiplyAdd, double CachedValue)
{
    /// <summary>Nothing is limited.</summary>
    public static InferencePrices Free => default;

    /// <summary>What a cost is worth.</summary>
    /// <param name="cost">The cost.</param>
    /// <returns>Nats.</returns>
    public double Of(InferenceCost cost) => (MultiplyAdd * cost.MultiplyAdds) + (CachedValue * cost.CachedValues);
}
