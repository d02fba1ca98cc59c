using System.Collections.Immutable;
using Hypercompress.Configuration;
using Hypercompress.Evaluation;
using Hypercompress.Models.Packages;
using Hypercompress.Planning;

namespace Hypercompress.Pipeline;

/// <summary>Says what a plan lets expect: perplexity from a short measurement of the teacher, time from the phases so far.</summary>
/// <param name="config">The run's configuration.</param>
/// <param name="records">The phases so far.</param>
internal sealed class PlanOutlook(PipelineConfig config, ImmutableArray<PhaseRecord> records)
{
    private const int MeasuredTokens = 4096;

    // The teacher's weights in float32, the student's decoded beside its stored ones, and room for activations.
    private const double BytesPerParameter = 10;
    private const long ActivationBytes = 1_500_000_000;

    /// <summary>Looks ahead.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="texts">The run's texts.</param>
    /// <returns>The plan with what it lets expect.</returns>
    public PlannedRun Predict(CompressionPlan plan, LanguageModel teacher, RunTexts texts)
    {
        EvaluationOptions options = config.Evaluation with
        {
            MaxTokens = Math.Min(MeasuredTokens, config.Evaluation.MaxTokens ?? MeasuredTokens),
        };
        PerplexityResult measured = new PerplexityEvaluator(options).Evaluate(teacher.Decoder, texts.Validation[0]);
        PlanPrediction prediction = PlanPrediction.For(plan, measured.Perplexity, teacher.Decoder.Config.VocabularySize);
        return new PlannedRun(plan, measured.Perplexity, prediction, Estimate(plan, teacher, texts));
    }

    private PlanEstimate Estimate(CompressionPlan plan, LanguageModel teacher, RunTexts texts)
    {
        double analysis = Seconds("baseline analysis");
        double calibrated = texts.CalibrationTokens;
        double scored = texts.Validation.Sum(text => (double)Math.Min(text.Ids.Length, config.Evaluation.MaxTokens ?? int.MaxValue));
        double trained = (config.Distillation.Enabled ? config.Distillation.TokenBudget : 0)
            + (config.Finetune.Enabled ? config.Finetune.TokenBudget : 0);

        // Analysis reads every token once and a part of them with gradients; scoring runs two models, training about six passes.
        double perToken = analysis / Math.Max(1, calibrated);
        double seconds = records.Sum(record => record.Seconds) + Seconds("budget plan") + (perToken * ((2 * scored) + (6 * trained)));
        long ram = (long)(BytesPerParameter * teacher.Decoder.ParameterCount) + MomentBytes(plan) + ActivationBytes;
        return new PlanEstimate(ram, plan.Bytes + SideBytes(), seconds);
    }

    private double Seconds(string phase) => records.Where(record => record.Name == phase).Sum(record => record.Seconds);

    // Queries share their moment with keys and values, gate with up: two thirds of the square inputs, in float64.
    private static long MomentBytes(CompressionPlan plan) =>
        plan.Sites.Where(site => site.Site.Layer is not null).Sum(site => 8 * site.Site.Columns * site.Site.Columns) * 2 / 3;

    // Tokenizer, report, plan and card.
    private static long SideBytes() => 5_000_000;
}
