using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Outlook;

/// <summary>Predicts quality over size: a few plans along the range that the offers reach.</summary>
/// <param name="maker">Makes plans.</param>
/// <param name="training">What training is expected to do for a plan; null where it is not trained.</param>
internal sealed class QualityFront(PlanMaker maker, Func<CompressionPlan, ExpectedTraining?> training)
{
    private static readonly ImmutableArray<double> Ratios = [1.5, 2, 3, 4, 5, 6, 8, 10, 12, 16, 24, 32];

    /// <summary>Plans for the ratios of the list that can be reached.</summary>
    /// <param name="book">The offers.</param>
    /// <param name="teacherPerplexity">The teacher's perplexity on the text that the points are for.</param>
    /// <returns>Points by rising ratio, each ratio once.</returns>
    public ImmutableArray<FrontPoint> Points(OfferBook book, double teacherPerplexity)
    {
        LossModel forecast = book.Forecast with { TeacherPerplexity = teacherPerplexity };
        return
        [
            .. Ratios.Select(ratio => Plan(book, ratio)).OfType<CompressionPlan>().DistinctBy(plan => plan.Bytes)
                .Select(plan => Point(plan, book, forecast)),
        ];
    }

    private CompressionPlan? Plan(OfferBook book, double ratio)
    {
        try
        {
            return maker.Make(book, ratio, loose: true);
        }
        catch (HypercompressException)
        {
            // A point that cannot be planned is no reason to lose the run that it would have illustrated.
            return null;
        }
    }

    private FrontPoint Point(CompressionPlan plan, OfferBook book, LossModel forecast)
    {
        PerplexityForecast predicted = forecast.Predict(plan.PredictedLoss);
        double? limit = RateLimit.Of(plan, book.Sites)?.LimitError;
        return new FrontPoint(
            plan.Ratio,
            plan.Bytes,
            predicted.Perplexity,
            predicted.Low,
            predicted.High,
            limit is { } error ? forecast.Predict(error).Perplexity : null)
        {
            TrainedPerplexity = training(plan)?.Predict(forecast, plan.PredictedLoss)?.Perplexity,
        };
    }
}
