using System.Collections.Immutable;

namespace Hypercompress.Branches;

/// <summary>
/// One point that a branch can deliver at several sites together: all of the offers are taken, or none.
/// </summary>
/// <param name="Sites">
/// Names of the sites, at least two, all with the same input; the first owns what they share.
/// </param>
/// <param name="Offers">
/// One offer per site, in their order, of one branch and one setting. Bytes of what is shared are counted at the owner
/// alone.
/// </param>
public sealed record OfferStack(ImmutableArray<string> Sites, ImmutableArray<Offer> Offers);
