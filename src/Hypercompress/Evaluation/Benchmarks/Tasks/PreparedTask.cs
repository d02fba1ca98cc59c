using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>A task with its documents, ready for a model.</summary>
/// <param name="Definition">The task.</param>
/// <param name="Shots">Examples before each question.</param>
/// <param name="Items">The documents that are used.</param>
/// <param name="Total">Documents of the split.</param>
internal sealed record PreparedTask(TaskDefinition Definition, int Shots, ImmutableArray<TaskItem> Items, int Total);
