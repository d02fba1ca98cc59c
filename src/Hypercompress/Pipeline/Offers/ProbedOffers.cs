using System.Collections.Immutable;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Offers;

/// <summary>Offers with their calibrated losses.</summary>
/// <param name="Sites">By site, in the order of the decoder.</param>
/// <param name="Forecast">The loss of the model by the sum of the sites' losses.</param>
internal sealed record ProbedOffers(ImmutableArray<SiteOffers> Sites, LossModel Forecast);
