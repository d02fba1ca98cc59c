namespace Hypercompress.Planning;

/// <summary>What the limits on running a model make its costs worth (their Lagrange multipliers).</summary>
/// <param name="MultiplyAdd">Nats per multiply-add.</param>
/// <param name="CachedValue">Nats per cached value.</param>
internal readonly record struct RunningPrices(double MultiplyAdd, double CachedValue)
{
    /// <summary>Nothing is limited.</summary>
    public static RunningPrices Free => default;

    /// <summary>What a cost is worth.</summary>
    /// <param name="cost">The cost.</param>
    /// <returns>Nats.</returns>
    public double Of(RunningCost cost) => (MultiplyAdd * cost.MultiplyAdds) + (CachedValue * cost.CachedValues);
}
