using System.Collections.Immutable;
using Hypercompress.Branches;
using Hypercompress.Models.Errors;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Choices;

/// <summary>Lists what can be done at a site: keep it, one offer, or a combination of offers.</summary>
internal static class SiteChoiceBuilder
{
    // Combinations grow with the square of the offers; a curve of this many points loses nothing that slack filling
    // needs.
    private const int MaxCombinations = 64;

    // Were the pieces at work on unrelated parts it would be 1. Measured on 33 low-rank and sparse pairs of
    // SmolLM2-135M:
    // 0.17 to 0.47, half of them between 0.27 and 0.36 (docs/experiments.md).
    private const double SecondPieceExponent = 0.3;

    /// <summary>All choices that are smaller than keeping, and keeping itself.</summary>
    /// <param name="site">Offers of the site.</param>
    /// <param name="rule">Which offers go together.</param>
    /// <returns>By bytes; never empty.</returns>
    /// <exception cref="NumericalException">An offer's prediction is not a number.</exception>
    public static ImmutableArray<SiteChoice> Of(SiteOffers site, CombinationRule rule)
    {
        foreach (Offer offer in site.Offers)
        {
            Check(site, offer);
        }

        Offer[][] combinable =
        [
            .. site.Offers.Where(offer => offer.Combines && offer.Bytes < site.KeepBytes)
                .GroupBy(offer => offer.Branch)
                .Select(branch => Thin(branch, offer => offer.Bytes, offer => offer.PredictedError).ToArray()),
        ];
        bool averaged = rule == CombinationRule.Weighted && combinable.Length > 1;
        IEnumerable<SiteChoice> singles = site.Offers
            .Where(offer => !(averaged && offer.Combines))
            .Select(offer => Combine(site, [offer], rule));
        List<SiteChoice> combinations = rule switch
        {
            CombinationRule.Joint => Pairs(site, combinable),
            CombinationRule.Weighted when averaged => Averages(site, combinable),
            _ => [],
        };
        return
        [
            .. singles.Concat(combinations)
                .Where(choice => choice.Bytes < site.KeepBytes)
                .Append(Keep(site))
                .OrderBy(choice => choice.Bytes),
        ];
    }

    /// <summary>The choice of not compressing a matrix.</summary>
    /// <param name="site">The site.</param>
    /// <returns>The choice.</returns>
    public static SiteChoice Keep(SiteOffers site) => new([], site.KeepBytes, 0, 0, site.KeepCost);

    /// <summary>The choice of taking one offer, such as a site's part of a stack.</summary>
    /// <param name="site">The site it was made for.</param>
    /// <param name="offer">The offer.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="NumericalException">The offer's prediction is not a number.</exception>
    public static SiteChoice Take(SiteOffers site, Offer offer)
    {
        Check(site, offer);
        return Combine(site, [offer], CombinationRule.Single);
    }

    /// <summary>The choice of taking offers together.</summary>
    /// <param name="site">The site they were made for.</param>
    /// <param name="offers">At least one, of different branches.</param>
    /// <param name="rule">How they are combined.</param>
    /// <returns>The choice.</returns>
    public static SiteChoice Combine(SiteOffers site, ImmutableArray<Offer> offers, CombinationRule rule)
    {
        double error = offers.Length == 1 ? offers[0].PredictedError : Predict(site, offers, rule);
        return new SiteChoice(
            offers, offers.Sum(offer => offer.Bytes), error, site.Loss.Loss(error), site.CostOf(offers));
    }

    /// <summary>Predicted J of offers that are taken together.</summary>
    /// <param name="site">The site they were made for.</param>
    /// <param name="offers">At least one, of different branches.</param>
    /// <param name="rule">How they are combined.</param>
    /// <returns>
    /// Weighted: the upper bound (Σ w √J)² with w by ratio, since J is a squared norm. Otherwise the best single J
    /// times
    /// (J / energy)^0.3 of every other one; at most the best single one.
    /// </returns>
    public static double Predict(SiteOffers site, IReadOnlyList<Offer> offers, CombinationRule rule)
    {
        if (rule == CombinationRule.Weighted)
        {
            double ratios = offers.Sum(offer => 1.0 / offer.Bytes);
            double root = offers.Sum(offer => Math.Sqrt(offer.PredictedError) / offer.Bytes) / ratios;
            return root * root;
        }

        double best = offers.Min(offer => offer.PredictedError);
        if (site.Energy <= 0)
        {
            return best;
        }

        Offer first = offers.MinBy(offer => offer.PredictedError)!;
        return offers.Where(offer => !ReferenceEquals(offer, first)).Aggregate(
            best, (error, offer) =>
                error * Math.Min(1, Math.Pow(offer.PredictedError / site.Energy, SecondPieceExponent)));
    }

    private static void Check(SiteOffers site, Offer offer)
    {
        if (!double.IsFinite(offer.PredictedError) || offer.PredictedError < 0 || offer.Bytes <= 0)
        {
            throw new NumericalException(
                $"planning: {offer.Branch} offers {site.Site.Name} at {offer.Bytes} bytes with a predicted error of "
                + $"{offer.PredictedError:g4}; check the calibration text, or exclude the site");
        }
    }

    private static List<SiteChoice> Pairs(SiteOffers site, Offer[][] branches)
    {
        IEnumerable<SiteChoice> pairs =
            from a in Enumerable.Range(0, branches.Length)
            from b in Enumerable.Range(a + 1, branches.Length - a - 1)
            from first in branches[a]
            from second in branches[b]
            where first.Bytes + second.Bytes < site.KeepBytes
            select Combine(site, [first, second], CombinationRule.Joint);
        return Thin(pairs, pair => pair.Bytes, pair => pair.Error);
    }

    private static List<SiteChoice> Averages(SiteOffers site, Offer[][] branches)
    {
        List<SiteChoice> averages = [new SiteChoice([], 0, 0, 0, InferenceCost.None)];
        foreach (Offer[] branch in branches)
        {
            IEnumerable<SiteChoice> longer =
                from average in averages
                from offer in branch
                select Combine(site, average.Offers.Add(offer), CombinationRule.Weighted);
            averages = Thin(longer, average => average.Bytes, average => average.Error);
        }

        return averages;
    }

    // Drops what another one beats in bytes and error, then keeps points that are evenly spread along the curve.
    private static List<T> Thin<T>(IEnumerable<T> points, Func<T, long> bytes, Func<T, double> error)
    {
        var front = new List<T>();
        foreach (T point in points.OrderBy(bytes).ThenBy(error))
        {
            if (front.Count == 0 || error(point) < error(front[^1]))
            {
                front.Add(point);
            }
        }

        if (front.Count <= MaxCombinations)
        {
            return front;
        }

        double step = (front.Count - 1.0) / (MaxCombinations - 1);
        return [.. Enumerable.Range(0, MaxCombinations).Select(index => front[(int)Math.Round(index * step)])];
    }
}
