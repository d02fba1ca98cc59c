using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Results;

/// <summary>The scores of one model on a group of tasks.</summary>
/// <param name="Group">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="Tasks">Names of the tasks and groups in it.</param>
/// <param name="Documents">Documents of all its tasks.</param>
/// <param name="Metrics">Means over its tasks, each weighted by its documents; empty for a mere list of tasks.</param>
public sealed record GroupResult(
    string Group, double Version, ImmutableArray<string> Tasks, int Documents, ImmutableArray<MetricResult> Metrics);
