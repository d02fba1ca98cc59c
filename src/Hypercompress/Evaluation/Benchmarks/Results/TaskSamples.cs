using System.Collections.Immutable;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.Evaluation.Benchmarks.Results;

/// <summary>The documents of a finished task with what a model answered.</summary>
/// <param name="Task">The task.</param>
/// <param name="IsTeacher">Whether the teacher answered.</param>
/// <param name="Outcomes">One per document, in their order.</param>
public sealed record TaskSamples(TaskDefinition Task, bool IsTeacher, ImmutableArray<ItemOutcome> Outcomes);
