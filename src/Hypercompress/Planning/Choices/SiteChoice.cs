using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Choices;

/// <summary>One thing that can be done at a site.</summary>
/// <param name="Offers">Offers taken together; empty keeps the matrix.</param>
/// <param name="Bytes">Stored bytes.</param>
/// <param name="Error">Predicted J, nats per token.</param>
/// <param name="Loss">What that is expected to cost the model, nats per token.</param>
/// <param name="Cost">What running it takes.</param>
internal sealed record SiteChoice(
    ImmutableArray<Offer> Offers, long Bytes, double Error, double Loss, InferenceCost Cost);
