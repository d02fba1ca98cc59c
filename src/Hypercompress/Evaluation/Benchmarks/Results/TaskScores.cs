using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Results;

/// <summary>Everything that one model scores.</summary>
/// <param name="Tasks">Per task, in the order they were asked for.</param>
/// <param name="Groups">Per group.</param>
public sealed record TaskScores(ImmutableArray<TaskResult> Tasks, ImmutableArray<GroupResult> Groups);
