using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Offers;

/// <summary>Everything that can be had at a site.</summary>
/// <param name="Site">The place.</param>
/// <param name="KeepBytes">Bytes of leaving the matrix dense in the teacher's own type, at no error.</param>
/// <param name="Energy">J of leaving the matrix out altogether, in nats per token.</param>
/// <param name="Offers">What the branches offer.</param>
public sealed record SiteOffers(Site Site, long KeepBytes, double Energy, ImmutableArray<Offer> Offers)
{
    /// <summary>What running the dense matrix takes; nothing where it is only looked up.</summary>
    public InferenceCost KeepCost { get; init; }

    /// <summary>What an error at the site costs the model; J itself unless it was measured.</summary>
    public LossCurve Loss { get; init; } = LossCurve.Identity;

    /// <summary>The fewest bits that the matrix can be stored in, by J; empty when it was not computed.</summary>
    public RateCurve Limit { get; init; } = RateCurve.Empty;

    /// <summary>What running offers takes that are taken together.</summary>
    /// <param name="offers">At least one.</param>
    /// <returns>
    /// The sum of the pieces, of each no more than is counted for the dense matrix at all; only a single piece can make the
    /// cache smaller.
    /// </returns>
    public InferenceCost CostOf(IReadOnlyList<Offer> offers) => new(
        KeepCost.MultiplyAdds == 0 ? 0 : offers.Sum(offer => offer.MultiplyAdds ?? KeepCost.MultiplyAdds),
        KeepCost.CachedValues == 0 || offers.Count > 1
            ? KeepCost.CachedValues
            : offers[0].CachedValues ?? KeepCost.CachedValues);
}
