using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Offers;

/// <summary>
/// Chooses the damage of a model: at each site the offer that a plan of about some error would take, at one price of a
/// byte
/// for all sites.
/// </summary>
internal static class DamageLevel
{
    private const int PriceSteps = 60;
    private const double CheapestByte = 1e-14;
    private const double DearestByte = 1;

    /// <summary>Chooses offers.</summary>
    /// <param name="sites">The sites with their offers.</param>
    /// <param name="totalError">Sum of the predicted J that is wanted, nats per token.</param>
    /// <returns>
    /// An offer for each site, in their order, or null to leave it; together of at most that error, or of as much as
    /// there is.
    /// </returns>
    public static ImmutableArray<Offer?> Choose(ImmutableArray<SiteOffers> sites, double totalError)
    {
        (double low, double high) = (Math.Log(CheapestByte), Math.Log(DearestByte));
        for (int step = 0; step < PriceSteps; step++)
        {
            double middle = (low + high) / 2;
            double error = At(sites, Math.Exp(middle)).Sum(offer => offer?.PredictedError ?? 0);
            (low, high) = error <= totalError ? (middle, high) : (low, middle);
        }

        return At(sites, Math.Exp(low));
    }

    private static ImmutableArray<Offer?> At(ImmutableArray<SiteOffers> sites, double bytePrice) =>
    [
        .. sites.Select(site =>
        {
            Offer? best = site.Offers.Where(offer => offer.PredictedError > 0)
                .MinBy(offer => offer.PredictedError + (bytePrice * offer.Bytes));
            return best is not null && best.PredictedError + (bytePrice * best.Bytes) < bytePrice * site.KeepBytes
                ? best
                : null;
        }),
    ];
}
