namespace Hypercompress.Planning;

/// <summary>Whether the predicted quality of a plan is within the limit.</summary>
/// <param name="Sensible">True when it is.</param>
/// <param name="MaxPerplexityFactor">The limit: how many times the teacher's perplexity the student's may be.</param>
/// <param name="NearestSensibleRatio">
/// The largest ratio that is within the limit: the plan's own when it is, null when none was found.
/// </param>
public sealed record QualityVerdict(bool Sensible, double MaxPerplexityFactor, double? NearestSensibleRatio);
