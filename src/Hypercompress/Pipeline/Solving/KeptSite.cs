using System.Collections.Immutable;

namespace Hypercompress.Pipeline.Solving;

/// <summary>The numbers of a solved site, as they are kept.</summary>
/// <param name="Site">Name of the site.</param>
/// <param name="Error">Measured J in nats per token.</param>
/// <param name="Alternatives">Measured J of the other choices that merging had, by name.</param>
internal sealed record KeptSite(string Site, double Error, ImmutableSortedDictionary<string, double> Alternatives);
