using Hypercompress.Evaluation.Statistics;

namespace Hypercompress.Evaluation.Benchmarks.Results;

/// <summary>A mean and its standard error.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="StandardError">Its standard error over documents.</param>
public sealed record Estimate(double Mean, double StandardError)
{
    internal static Estimate? Of(MeanEstimate? mean) => mean is null ? null : new(mean.Mean, mean.StandardError);
}
