using System.Collections.Immutable;
using Hypercompress.Sites;

namespace Hypercompress.Analysis;

/// <summary>Measurements of a site before compression.</summary>
/// <param name="Site">The site.</param>
/// <param name="Energy">J of leaving the matrix out altogether, nats per token.</param>
/// <param name="Squares">
/// σ² of the whitened matrix in descending order; half of their sum is <paramref name="Energy"/>.
/// </param>
/// <param name="AdaptiveRank">The smallest rank that retains the asked share of the energy.</param>
public sealed record SiteBaseline(Site Site, double Energy, ImmutableArray<double> Squares, int AdaptiveRank);
