using System.Collections.Immutable;
using Hypercompress.Configuration;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Plans;

/// <summary>Says what a plan lets expect: perplexity, distance to the limit, and what carrying it out takes.</summary>
/// <param name="config">The run's configuration.</param>
/// <param name="gate">Judges plans.</param>
internal sealed class PlanForecaster(PipelineConfig config, QualityGate gate)
{
    // The teacher's weights in float32, the student's decoded beside its stored ones, and room for activations.
    private const double BytesPerParameter = 10;
    private const long ActivationBytes = 1_500_000_000;

    // Tokenizer, report, plan and card.
    private const long SideBytes = 5_000_000;

    /// <summary>Looks ahead.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="book">What it was made from.</param>
    /// <param name="verdict">The verdict on it where that is known; null to judge.</param>
    /// <returns>The plan with what it lets expect.</returns>
    public PlanForecast Predict(CompressionPlan plan, OfferBook book, QualityVerdict? verdict = null) => new(
        plan,
        book.Forecast.TeacherPerplexity,
        book.Forecast.Predict(plan.PredictedLoss),
        Estimate(plan, book.Effort),
        verdict ?? gate.Judge(plan, book),
        RateLimit.Of(plan, book.Sites),
        InferenceCost.Sum(book.Sites.Select(site => site.KeepCost)));

    private ResourceEstimate Estimate(CompressionPlan plan, CalibrationTimings effort)
    {
        double trained = (config.Distillation.Enabled ? config.Distillation.TokenBudget : 0)
            + (config.Finetune.Enabled ? config.Finetune.TokenBudget : 0);

        // Analysis reads every token once and a part of them with gradients; scoring runs two models, training about six passes.
        double seconds = effort.Seconds + effort.SolveSeconds
            + (effort.SecondsPerToken * ((2 * effort.ScoredTokens) + (6 * trained)));
        long ram = (long)(BytesPerParameter * effort.Parameters) + MomentBytes(plan) + ActivationBytes;
        return new ResourceEstimate(ram, plan.Bytes + SideBytes, seconds);
    }

    // Queries share their moment with keys and values, gate with up: two thirds of the square inputs, in float64.
    private static long MomentBytes(CompressionPlan plan) =>
        plan.Sites.Where(site => site.Site.Layer is not null).Sum(site => 8 * site.Site.Columns * site.Site.Columns) * 2 / 3;
}
