using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Hypercompress.Branches;

namespace Hypercompress.Planning.Files;

/// <summary>An offer in <c>plan.json</c>.</summary>
/// <param name="Branch">As in <see cref="Branches.Offer"/>.</param>
/// <param name="Setting">As in <see cref="Branches.Offer"/>.</param>
/// <param name="Bytes">As in <see cref="Branches.Offer"/>.</param>
/// <param name="PredictedError">As in <see cref="Branches.Offer"/>.</param>
/// <param name="Combines">As in <see cref="Branches.Offer"/>.</param>
internal sealed record PlanOfferDocument(
    string Branch,
    ImmutableSortedDictionary<string, string> Setting,
    long Bytes,
    double PredictedError,
    bool Combines)
{
    /// <summary>As in <see cref="Branches.Offer"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Owner { get; init; }
}
