namespace Hypercompress.Evaluation.Benchmarks.Results;

/// <summary>The student's metric less the teacher's.</summary>
/// <param name="Name">Name of the metric.</param>
/// <param name="Filter">The filter that found the answers; <c>none</c> without one.</param>
/// <param name="Difference">Student less teacher.</param>
/// <param name="StandardError">
/// Its standard error from the paired documents, far smaller than those of the two scores; null for a single document.
/// </param>
public sealed record MetricDifference(string Name, string Filter, double Difference, double? StandardError);
