using System.Collections.Immutable;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Choices;

/// <summary>A choice of a unit: one choice for each of its sites.</summary>
/// <param name="Parts">The choices, in the order of the unit's sites.</param>
internal sealed record UnitChoice(ImmutableArray<SiteChoice> Parts)
{
    /// <summary>Stored bytes.</summary>
    public long Bytes { get; } = Parts.Sum(part => part.Bytes);

    /// <summary>Predicted loss, nats per token.</summary>
    public double Loss { get; } = Parts.Sum(part => part.Loss);

    /// <summary>Cost of running the sites.</summary>
    public InferenceCost Cost { get; } = InferenceCost.Sum(Parts.Select(part => part.Cost));
}
