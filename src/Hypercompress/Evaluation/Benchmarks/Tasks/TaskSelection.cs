using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Benchmarks.Tasks;

/// <summary>The tasks of a run.</summary>
/// <param name="Tasks">The tasks, each once, in the order in which they were named.</param>
/// <param name="Groups">The groups that they were named by; a group comes after those inside it.</param>
public sealed record TaskSelection(ImmutableArray<TaskDefinition> Tasks, ImmutableArray<TaskGroup> Groups)
{
    /// <summary>The tasks of a group, also those of the groups and families in it.</summary>
    /// <param name="group">One of <see cref="Groups"/>.</param>
    /// <returns>Names of tasks.</returns>
    public IEnumerable<string> TasksOf(TaskGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        return group.Tasks.SelectMany(
            name => Groups.FirstOrDefault(known => known.Group == name) is { } inner && inner != group
            ? TasksOf(inner)
            : Tasks.Where(task => task.Task == name || task.Family == name).Select(task => task.Task)).Distinct();
    }
}
