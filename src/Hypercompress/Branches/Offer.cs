using System.Collections.Immutable;

namespace Hypercompress.Branches;

/// <summary>One point that a branch can deliver at a site.</summary>
/// <param name="Branch">Name of the branch.</param>
/// <param name="Setting">The settings with which the branch carries it out; nobody else interprets them.</param>
/// <param name="Bytes">Exact stored bytes.</param>
/// <param name="PredictedError">Expected J in nats per token.</param>
/// <param name="Combines">Whether another branch's piece may be added to it at the same site (W' = A + B).</param>
public sealed record Offer(
    string Branch,
    ImmutableSortedDictionary<string, string> Setting,
    long Bytes,
    double PredictedError,
    bool Combines = false)
{
    /// <summary>The settings with which the branch carries it out; nobody else interprets them. Its keys are in ordinal
    /// order.</summary>
    public ImmutableSortedDictionary<string, string> Setting { get; init; } =
        Setting?.WithComparers(StringComparer.Ordinal)!;

    /// <summary>Multiply-adds per token that running the piece takes; null: as many as the dense matrix.</summary>
    public long? MultiplyAdds { get; init; }

    /// <summary>
    /// Name of the site that stores what the offer shares with those of other sites, this one or another; null: it
    /// shares nothing.
    /// </summary>
    public string? Owner { get; init; }

    /// <summary>
    /// Values per token that the key/value cache keeps of the piece; null: one per row. Of interest at key/value sites
    /// only.
    /// </summary>
    public long? CachedValues { get; init; }
}
