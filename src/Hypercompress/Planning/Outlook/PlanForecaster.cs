using Hypercompress.Planning.Offers;
using Hypercompress.Sites;

namespace Hypercompress.Planning.Outlook;

/// <summary>
/// Predicts the perplexity of a plan, its distance to the rate–distortion limit, and its memory, disk and time.
/// </summary>
/// <param name="gate">Judges plans.</param>
/// <param name="training">What the training phases are expected to do for a plan; null where it is not trained.</param>
/// <param name="memoryCeiling">Most bytes that the run may use; null for what the machine has.</param>
internal sealed class PlanForecaster(
    QualityGate gate, Func<CompressionPlan, OfferBook, ExpectedTraining?> training, long? memoryCeiling)
{
    // Tokenizer, report, plan and card.
    private const long SideBytes = 5_000_000;

    /// <summary>Predicts.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="book">The offers that it was made from.</param>
    /// <param name="verdict">The verdict on the plan where it is known; null to judge it.</param>
    /// <returns>The plan with its forecast.</returns>
    public PlanForecast Predict(CompressionPlan plan, OfferBook book, QualityVerdict? verdict = null)
    {
        ExpectedTraining? expected = training(plan, book);
        return new(
            plan,
            book.Forecast.TeacherPerplexity,
            book.Forecast.Predict(plan.PredictedLoss),
            Estimate(plan, book, expected?.Tokens ?? 0),
            verdict ?? gate.Judge(plan, book),
            RateLimit.Of(plan, book.Sites),
            InferenceCost.Sum(book.Sites.Select(site => site.KeepCost)))
        {
            TrainingTokens = expected?.Tokens ?? 0,
            Trained = expected?.Predict(book.Forecast, plan.PredictedLoss),
            Alternatives = BranchAlternatives.Of(plan, book.Sites),
        };
    }

    private ResourceEstimate Estimate(CompressionPlan plan, OfferBook book, double trainedTokens)
    {
        CalibrationTimings timings = book.Effort;

        // Analysis reads every token once and a part of them with gradients; scoring runs two models, training about
        // six passes.
        double seconds = timings.Seconds + timings.SolveSeconds
            + (timings.SecondsPerToken * ((2 * timings.ScoredTokens) + (6 * trainedTokens)));
        long ram = RunMemory.Of(timings.Parameters, plan.Sites.Select(site => site.Site), memoryCeiling).PeakBytes;
        return new ResourceEstimate(ram, DiskBytes(plan.Bytes), seconds);
    }

    /// <summary>Bytes of an artifact.</summary>
    /// <param name="weightBytes">Those of its weights.</param>
    internal static long DiskBytes(long weightBytes) => weightBytes + SideBytes;
}
