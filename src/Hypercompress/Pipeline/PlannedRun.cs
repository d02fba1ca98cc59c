using Hypercompress.Planning;

namespace Hypercompress.Pipeline;

/// <summary>A plan with what it lets expect.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="TeacherPerplexity">The teacher's perplexity on the beginning of the validation text.</param>
/// <param name="Prediction">The student's expected perplexity there, without training.</param>
/// <param name="Estimate">What carrying it out is expected to take.</param>
/// <param name="Verdict">Whether it promises a model worth having.</param>
/// <param name="Limit">Its distance to the rate–distortion limit; null where nothing is stored with an error.</param>
/// <param name="TeacherCost">What running the teacher takes.</param>
public sealed record PlannedRun(
    CompressionPlan Plan,
    double TeacherPerplexity,
    PlanPrediction Prediction,
    PlanEstimate Estimate,
    QualityVerdict Verdict,
    RateLimit? Limit,
    RunningCost TeacherCost);
