using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Offers;

/// <summary>All offers at a site.</summary>
/// <param name="Site">The site.</param>
/// <param name="KeepBytes">Bytes of leaving the matrix dense in the teacher's own type, at no error.</param>
/// <param name="Energy">J of removing the matrix, in nats per token.</param>
/// <param name="Offers">The branches' offers.</param>
public sealed record SiteOffers(Site Site, long KeepBytes, double Energy, ImmutableArray<Offer> Offers)
{
    /// <summary>Cost of running the dense matrix; nothing where it is only looked up.</summary>
    public InferenceCost KeepCost { get; init; }

    /// <summary>Loss of the model by the error at the site; J itself unless it was measured.</summary>
    public LossCurve Loss { get; init; } = LossCurve.Identity;

    /// <summary>The fewest bits that the matrix can be stored in, by J; empty when it was not computed.</summary>
    public RateCurve Limit { get; init; } = RateCurve.Empty;

    /// <summary>Cost of running offers that are taken together.</summary>
    /// <param name="offers">At least one.</param>
    /// <returns>
    /// The sum of the pieces, of each no more than is counted for the dense matrix at all; only a single piece can make
    /// the
    /// cache smaller.
    /// </returns>
    public InferenceCost CostOf(IReadOnlyList<Offer> offers) => new(
        KeepCost.MultiplyAdds == 0 ? 0 : offers.Sum(offer => offer.MultiplyAdds ?? KeepCost.MultiplyAdds),
        KeepCost.CachedValues == 0 || offers.Count > 1
            ? KeepCost.CachedValues
            : offers[0].CachedValues ?? KeepCost.CachedValues);
}
