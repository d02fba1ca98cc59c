using Hypercompress.Sites;

namespace Hypercompress.Planning;

/// <summary>The stored bytes and error of a site, beside its rate–distortion limit.</summary>
/// <param name="Elements">Elements of the matrix.</param>
/// <param name="Bytes">Stored bytes.</param>
/// <param name="Error">J, nats per token.</param>
/// <param name="Limit">The fewest bits by J; empty when it was not computed.</param>
public readonly record struct StoredSite(long Elements, long Bytes, double Error, RateCurve Limit);
