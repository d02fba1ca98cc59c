using Hypercompress.Planning;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Plans;

/// <summary>A plan with what it lets expect.</summary>
/// <param name="Plan">The plan.</param>
/// <param name="TeacherPerplexity">The teacher's perplexity on the beginning of the validation text.</param>
/// <param name="Prediction">The student's expected perplexity there, without training.</param>
/// <param name="Estimate">What carrying it out is expected to take.</param>
/// <param name="Verdict">Whether it promises a model worth having.</param>
/// <param name="Limit">Its distance to the rate–distortion limit; null where nothing is stored with an error.</param>
/// <param name="TeacherCost">What running the teacher takes.</param>
public sealed record PlanForecast(
    CompressionPlan Plan,
    double TeacherPerplexity,
    PerplexityForecast Prediction,
    ResourceEstimate Estimate,
    QualityVerdict Verdict,
    RateLimit? Limit,
    InferenceCost TeacherCost);
