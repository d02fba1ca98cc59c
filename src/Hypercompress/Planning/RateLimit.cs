using System.Collections.Immutable;
using Hypercompress.Planning.Offers;
using Hypercompress.Sites;

namespace Hypercompress.Planning;

/// <summary>
/// Distance of the stored matrices from the rate–distortion limit of their site problems, all together.
/// </summary>
/// <param name="Bits">Stored bits per element of the matrices.</param>
/// <param name="LimitBits">The fewest bits per element that could have given the same error.</param>
/// <param name="Error">J of all sites, nats per token.</param>
/// <param name="LimitError">The least J that the same bits could have given.</param>
public sealed record RateLimit(double Bits, double LimitBits, double Error, double LimitError)
{
    /// <summary>
    /// Bits per element above the limit; negative where weights have structure that the limit does not model.
    /// </summary>
    public double Gap => Bits - LimitBits;

    /// <summary>Measures sites together; the limit may divide its bits over them freely.</summary>
    /// <param name="sites">The sites.</param>
    /// <returns>The distance; null where nothing is stored with an error, or the limits were not computed.</returns>
    public static RateLimit? Of(IEnumerable<StoredSite> sites)
    {
        StoredSite[] all = [.. sites];
        RateCurve curve = RateCurve.Sum(all.Select(site => site.Limit));
        double elements = all.Sum(site => (double)site.Elements);
        double error = all.Sum(site => site.Error);
        double bits = 8.0 * all.Sum(site => site.Bytes);
        return curve.Points.IsEmpty || error <= 0
            ? null
            : new RateLimit(bits / elements, curve.BitsFor(error) / elements, error, curve.ErrorFor(bits));
    }

    /// <summary>Measures a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="offers">The limits of its sites, in the same order.</param>
    /// <returns>The distance, or null as in <see cref="Of(IEnumerable{StoredSite})"/>.</returns>
    public static RateLimit? Of(CompressionPlan plan, ImmutableArray<SiteOffers> offers)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Of(plan.Sites.Zip(
            offers,
            (site, current) => new StoredSite(site.Site.ElementCount, site.Bytes, site.PredictedError, current.Limit)));
    }
}
