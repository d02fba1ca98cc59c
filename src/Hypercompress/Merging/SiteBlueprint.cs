using System.Collections.Immutable;
using Hypercompress.Forms;
using Hypercompress.Sites;

namespace Hypercompress.Merging;

/// <summary>The matrix of a site after merging.</summary>
/// <param name="Site">The site.</param>
/// <param name="Matrix">The merged matrix; owned by the blueprint until surgery takes it.</param>
/// <param name="Error">Measured J in nats per token.</param>
/// <param name="Alternatives">
/// Measured J of the other choices that merging had, by name (a branch, or another strategy).
/// </param>
public sealed record SiteBlueprint(
    Site Site, FormMatrix Matrix, double Error, ImmutableSortedDictionary<string, double> Alternatives);
