namespace Hypercompress.Planning.Offers;

/// <summary>What running the student may take per token at most; null for no limit.</summary>
/// <param name="MultiplyAdds">Multiply-adds of all matrices.</param>
/// <param name="CacheBytes">Bytes of the key/value cache.</param>
public sealed record PlanLimits(long? MultiplyAdds, long? CacheBytes)
{
    /// <summary>Nothing is limited.</summary>
    public static PlanLimits None { get; } = new(null, null);

    /// <summary>Whether a model keeps within the limits.</summary>
    /// <param name="cost">What running it takes.</param>
    /// <returns>True when it does.</returns>
    public bool Allow(InferenceCost cost) =>
        !(cost.MultiplyAdds > MultiplyAdds) && !(cost.CacheBytes > CacheBytes);
}
