using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Planning.Choices;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;

namespace Hypercompress.Planning;

/// <summary>What was decided for a site.</summary>
/// <param name="Site">The place.</param>
/// <param name="Offers">Offers that were taken, of different branches; empty keeps the matrix as it is.</param>
/// <param name="Bytes">Bytes they are planned to take together.</param>
/// <param name="PredictedError">Expected J in nats per token.</param>
public sealed record SiteAssignment(
    Site Site, ImmutableArray<Offer> Offers, long Bytes, double PredictedError)
{
    /// <summary>What the error is expected to cost the model, nats per token; J itself unless it was measured.</summary>
    public double PredictedLoss { get; init; } = PredictedError;

    /// <summary>What running the site takes.</summary>
    public InferenceCost Cost { get; init; }

    internal static SiteAssignment Of(Site site, SiteChoice choice) =>
        new(site, choice.Offers, choice.Bytes, choice.Error) { PredictedLoss = choice.Loss, Cost = choice.Cost };
}
