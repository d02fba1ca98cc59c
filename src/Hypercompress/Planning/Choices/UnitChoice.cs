using System.Collections.Immutable;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Choices;

/// <summary>What is decided at once: one choice for each site of a unit.</summary>
/// <param name="Parts">The choices, in the order of the unit's sites.</param>
internal sealed record UnitChoice(ImmutableArray<SiteChoice> Parts)
{
    /// <summary>Stored bytes.</summary>
    public long Bytes { get; } = Parts.Sum(part => part.Bytes);

    /// <summary>Expected loss, nats per token.</summary>
    public double Loss { get; } = Parts.Sum(part => part.Loss);

    /// <summary>What running the sites takes.</summary>
    public InferenceCost Cost { get; } = InferenceCost.Sum(Parts.Select(part => part.Cost));
}
