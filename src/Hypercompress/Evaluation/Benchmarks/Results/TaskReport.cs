using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Results;

/// <summary>The results of benchmark tasks.</summary>
/// <param name="Student">The model, or the student where there is a teacher.</param>
/// <param name="Teacher">The teacher on the same documents; null without one.</param>
/// <param name="Comparisons">Both beside each other, per task and group; empty without a teacher.</param>
public sealed record TaskReport(TaskScores Student, TaskScores? Teacher, ImmutableArray<TaskComparison> Comparisons);
