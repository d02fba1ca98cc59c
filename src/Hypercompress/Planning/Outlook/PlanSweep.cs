using System.Collections.Immutable;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Outlook;

/// <summary>Plans for several ratios, or for the whole range that can be reached.</summary>
/// <param name="maker">Makes plans.</param>
/// <param name="forecaster">Predicts their quality and costs.</param>
internal sealed class PlanSweep(PlanMaker maker, PlanForecaster forecaster)
{
    private const int FrontPoints = 24;
    private const double SmallestRatio = 1.2;

    /// <summary>Makes the plans.</summary>
    /// <param name="book">The offers.</param>
    /// <param name="ratios">The ratios; none for points along the whole front.</param>
    /// <returns>The plans.</returns>
    /// <exception cref="BudgetException">None of the ratios can be reached.</exception>
    public SweepRun Run(OfferBook book, ImmutableArray<double> ratios)
    {
        bool asked = !ratios.IsEmpty;
        var points = ImmutableArray.CreateBuilder<PlanForecast>();
        var refusals = ImmutableSortedDictionary.CreateBuilder<double, string>();
        BudgetException? refused = null;
        QualityVerdict? beyond = null;
        foreach (double ratio in (asked ? ratios : Front(book)).Distinct().Order())
        {
            try
            {
                // Loss grows with the ratio: every plan after the first one below the quality limit is below it too.
                points.Add(forecaster.Predict(maker.Make(book, ratio, loose: !asked), book, beyond));
                beyond = points[^1].Verdict.Sensible ? null : points[^1].Verdict;
            }
            catch (BudgetException refusal)
            {
                refused = refusal;
                refusals.Add(ratio, refusal.Message);
            }
        }

        return points.Count == 0 && refused is not null
            ? throw refused
            : new SweepRun(
                book.TeacherBytes,
                book.Forecast.TeacherPerplexity,
                points.ToImmutable(),
                asked ? refusals.ToImmutable() : refusals.ToImmutable().Clear());
    }

    // Equal steps of the logarithm up to the smallest choices of all sites.
    private static ImmutableArray<double> Front(OfferBook book)
    {
        long least =
            book.FixedBytes
                + book.Sites.Sum(site => site.Offers.Select(offer => offer.Bytes).Append(site.KeepBytes).Min());
        double largest = (double)book.TeacherBytes / least;
        return
        [
            .. Enumerable.Range(0, FrontPoints).Select(
                point => SmallestRatio * Math.Pow(largest / SmallestRatio, point / (FrontPoints - 1.0))),
        ];
    }
}
