using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>Tasks under one name, with scores over all their documents.</summary>
public sealed record TaskGroup
{
    /// <summary>Its name.</summary>
    /// <value>Needed.</value>
    public string Group { get; init; } = string.Empty;

    /// <summary>Changes whenever its scores would.</summary>
    /// <value>The default is 1.</value>
    public double Version { get; init; } = 1;

    /// <summary>Names of tasks and groups.</summary>
    /// <value>At least one.</value>
    public ImmutableArray<string> Tasks { get; init; } = [];

    /// <summary>
    /// Metrics that are averaged over its tasks, each weighted by its documents; the standard error is pooled.
    /// </summary>
    /// <value>The default is none: the group only names its tasks.</value>
    public ImmutableArray<string> Metrics { get; init; } = [];
}
