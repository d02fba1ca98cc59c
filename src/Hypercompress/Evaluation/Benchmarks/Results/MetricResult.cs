namespace Hypercompress.Evaluation.Benchmarks.Results;

/// <summary>A metric of a task or group.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Filter">The filter that found the answers; <c>none</c> without one.</param>
/// <param name="Value">Its value.</param>
/// <param name="StandardError">
/// Its standard error; null where there is none: a single document, a perplexity per word or byte, no resamples asked
/// for.
/// </param>
/// <param name="HigherIsBetter">Whether more is better.</param>
public sealed record MetricResult(
    string Name, string Filter, double Value, double? StandardError, bool HigherIsBetter);
