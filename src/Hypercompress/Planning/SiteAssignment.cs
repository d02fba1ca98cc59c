using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Branches;

namespace Hypercompress.Planning;

/// <summary>What was decided for a site.</summary>
/// <param name="Site">The place.</param>
/// <param name="Offers">Offers that were taken, of different branches; empty keeps the matrix as it is.</param>
/// <param name="Bytes">Bytes they are planned to take together.</param>
/// <param name="PredictedError">Expected J in nats per token.</param>
public sealed record SiteAssignment(
    Site Site, ImmutableArray<Offer> Offers, long Bytes, double PredictedError);
