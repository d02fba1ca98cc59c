using System.Collections.Immutable;

namespace Hypercompress.Merging;

/// <summary>One decision per site.</summary>
/// <param name="Strategy">Name of the merge strategy.</param>
/// <param name="Sites">In the order of the decoder.</param>
internal sealed record Blueprint(string Strategy, ImmutableArray<SiteBlueprint> Sites);
