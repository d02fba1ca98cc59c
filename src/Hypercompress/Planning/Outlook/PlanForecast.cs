using System.Collections.Immutable;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Planning.Outlook;

/// <summary>A plan with its predicted quality and costs.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="TeacherPerplexity">The teacher's perplexity on the beginning of the validation text.</param>
/// <param name="Prediction">The student's predicted perplexity there, before any training.</param>
/// <param name="Estimate">Estimated memory, disk and time for carrying it out.</param>
/// <param name="Verdict">Whether the predicted quality is within the limit.</param>
/// <param name="Limit">Its distance to the rate–distortion limit; null where nothing is stored with an error.</param>
/// <param name="TeacherCost">Cost of running the teacher.</param>
public sealed record PlanForecast(
    CompressionPlan Plan,
    double TeacherPerplexity,
    PerplexityForecast Prediction,
    ResourceEstimate Estimate,
    QualityVerdict Verdict,
    RateLimit? Limit,
    InferenceCost TeacherCost)
{
    /// <summary>Tokens that the model is trained on after the plan is carried out; 0 where it is not trained.</summary>
    public long TrainingTokens { get; init; }

    /// <summary>Whether the model is trained after the plan is carried out.</summary>
    public bool Trains => TrainingTokens > 0;

    /// <summary>
    /// The predicted perplexity after training; null where the plan is not trained, where fine-tuning trains it, where
    /// it is mostly made of forms whose training was not measured, or loses more than what was measured.
    /// </summary>
    public PerplexityForecast? Trained { get; init; }

    /// <summary>The branches that the plan takes no offer of, compared with it; none when it takes all.</summary>
    public ImmutableArray<BranchAlternative> Alternatives { get; init; } = [];
}
