using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Results;

/// <summary>The scores of one model on a task.</summary>
/// <param name="Task">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Shots">Examples before each question.</param>
/// <param name="Documents">Documents that were scored.</param>
/// <param name="Total">Documents of the split.</param>
/// <param name="Truncated">Documents whose prompt was longer than the model reads, and was cut at the left.</param>
/// <param name="Metrics">The scores.</param>
public sealed record TaskResult(
    string Task, double Version, int Shots, int Documents, int Total, int Truncated,
    ImmutableArray<MetricResult> Metrics);
