using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Choices;

/// <summary>A choice at a site: to keep its matrix, or to take one or several offers.</summary>
/// <param name="Offers">Offers taken together; empty keeps the matrix.</param>
/// <param name="Bytes">Stored bytes.</param>
/// <param name="Error">Predicted J, nats per token.</param>
/// <param name="Loss">Predicted loss of the model from that error, nats per token.</param>
/// <param name="Cost">Cost of running it.</param>
internal sealed record SiteChoice(
    ImmutableArray<Offer> Offers, long Bytes, double Error, double Loss, InferenceCost Cost);
