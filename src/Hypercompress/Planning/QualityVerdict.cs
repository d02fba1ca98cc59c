namespace Hypercompress.Planning;

/// <summary>Whether a plan promises a model worth having.</summary>
/// <param name="Sensible">True when it does.</param>
/// <param name="MaxPerplexityFactor">How many times the teacher's perplexity is still worth having.</param>
/// <param name="NearestSensibleRatio">
/// The largest ratio that does: the plan's own when it does itself, null when none was found.
/// </param>
public sealed record QualityVerdict(bool Sensible, double MaxPerplexityFactor, double? NearestSensibleRatio);
