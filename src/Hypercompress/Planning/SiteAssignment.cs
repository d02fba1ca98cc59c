using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Planning.Choices;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;

namespace Hypercompress.Planning;

/// <summary>The decision for a site.</summary>
/// <param name="Site">The site.</param>
/// <param name="Offers">Offers that were taken, of different branches; empty when the matrix is not compressed.</param>
/// <param name="Bytes">Bytes they are planned to take together.</param>
/// <param name="PredictedError">Predicted J in nats per token.</param>
public sealed record SiteAssignment(
    Site Site, ImmutableArray<Offer> Offers, long Bytes, double PredictedError)
{
    /// <summary>Predicted loss of the model from that error, nats per token; J itself unless it was measured.</summary>
    public double PredictedLoss { get; init; } = PredictedError;

    /// <summary>Cost of running the site.</summary>
    public InferenceCost Cost { get; init; }

    internal static SiteAssignment Of(Site site, SiteChoice choice) =>
        new(site, choice.Offers, choice.Bytes, choice.Error) { PredictedLoss = choice.Loss, Cost = choice.Cost };
}
