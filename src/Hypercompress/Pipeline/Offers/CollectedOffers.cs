using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Offers;

/// <summary>The offers of all branches.</summary>
/// <param name="Sites">By site, in the order of the decoder.</param>
/// <param name="Stacks">Those for several sites together.</param>
internal sealed record CollectedOffers(ImmutableArray<SiteOffers> Sites, ImmutableArray<OfferStack> Stacks)
{
    /// <summary>These offers and others after them.</summary>
    public CollectedOffers With(CollectedOffers more) =>
        new(Sites.AddRange(more.Sites), Stacks.AddRange(more.Stacks));
}
