using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>The definitions in a file.</summary>
/// <param name="Tasks">Its task, or one per subset; none when it defines a group.</param>
/// <param name="Group">Its group, or null.</param>
internal sealed record TaskFileContent(ImmutableArray<TaskDefinition> Tasks, TaskGroup? Group)
{
    /// <summary>The name that selects all of it.</summary>
    public string Name => Group?.Group ?? Tasks[0].Family;
}
