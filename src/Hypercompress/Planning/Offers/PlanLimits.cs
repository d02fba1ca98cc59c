using System.Globalization;

namespace Hypercompress.Planning.Offers;

/// <summary>Limits on the cost of running the student, per token; null for no limit.</summary>
/// <param name="MultiplyAdds">Multiply-adds of all matrices.</param>
/// <param name="CacheBytes">Bytes of the key/value cache.</param>
public sealed record PlanLimits(long? MultiplyAdds, long? CacheBytes)
{
    private const string CacheKey = "max_kv_bytes_per_token";
    private const string WorkKey = "max_multiply_adds_per_token";

    /// <summary>No limits.</summary>
    public static PlanLimits None { get; } = new(null, null);

    /// <summary>Whether a model keeps within the limits.</summary>
    /// <param name="cost">Cost of running it.</param>
    /// <returns>True when it does.</returns>
    public bool Allow(InferenceCost cost) =>
        !(cost.MultiplyAdds > MultiplyAdds) && !(cost.CacheBytes > CacheBytes);

    /// <summary>The limits in words, such as <c> within planner.max_kv_bytes_per_token</c>; empty for none.</summary>
    internal string Words => this == None ? string.Empty : " within " + string.Join(" and ", Keys);

    private IEnumerable<string> Keys => new[]
    {
        CacheBytes is null ? null : $"planner.{CacheKey}",
        MultiplyAdds is null ? null : $"planner.{WorkKey}",
    }.OfType<string>();

    /// <summary>The error of a plan that cannot keep within the limits.</summary>
    /// <param name="asked">The size that was asked for.</param>
    /// <param name="least">The least that running a student costs, each number by itself.</param>
    /// <returns>The error, to be thrown.</returns>
    internal BudgetException Refusal(AskedSize asked, InferenceCost least)
    {
        (string Key, string Unit, long Allowed, long Least)[] limits =
        [
            (CacheKey, "bytes of cache", CacheBytes ?? long.MaxValue, least.CacheBytes),
            (WorkKey, "multiply-adds", MultiplyAdds ?? long.MaxValue, least.MultiplyAdds),
        ];
        string[] beyond =
        [
            .. limits.Where(limit => limit.Allowed < limit.Least).Select(limit => string.Create(
                CultureInfo.InvariantCulture,
                $"planner.{limit.Key} allows {limit.Allowed} {limit.Unit} per token, and at least {limit.Least} are "
                + $"needed")),
        ];
        string reason = beyond.Length > 0
            ? string.Join("; ", beyond)
            : $"no plan of that size was found{Words}";
        return new BudgetException(
            $"at {asked.Name} the limits on running the model cannot be held: {reason}; allow more, or enable branches "
                + "that reduce it",
            asked.Ratio,
            asked.Ratio);
    }
}
