namespace Hypercompress.Planning.Offers;

/// <summary>Limits on the cost of running the student, per token; null for no limit.</summary>
/// <param name="MultiplyAdds">Multiply-adds of all matrices.</param>
/// <param name="CacheBytes">Bytes of the key/value cache.</param>
public sealed record PlanLimits(long? MultiplyAdds, long? CacheBytes)
{
    /// <summary>No limits.</summary>
    public static PlanLimits None { get; } = new(null, null);

    /// <summary>Whether a model keeps within the limits.</summary>
    /// <param name="cost">Cost of running it.</param>
    /// <returns>True when it does.</returns>
    public bool Allow(InferenceCost cost) =>
        !(cost.MultiplyAdds > MultiplyAdds) && !(cost.CacheBytes > CacheBytes);
}
