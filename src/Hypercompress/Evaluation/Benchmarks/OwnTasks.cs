using System.Collections.Immutable;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Models.Errors;
using Hypercompress.Settings;

namespace Hypercompress.Evaluation.Benchmarks;

/// <summary>Checks tasks that were defined in code by the rules for those from files.</summary>
internal static class OwnTasks
{
    /// <summary>Adds tasks to a selection.</summary>
    /// <param name="selection">The selection.</param>
    /// <param name="tasks">The tasks.</param>
    /// <returns>The selection with a task for each of theirs, or for each of its subsets.</returns>
    /// <exception cref="ConfigurationException">
    /// A definition is incomplete or has the name of another task.
    /// </exception>
    public static TaskSelection AddTo(TaskSelection selection, IEnumerable<TaskDefinition> tasks)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        ImmutableArray<TaskDefinition> all = [.. selection.Tasks, .. tasks.SelectMany(task => Checked(task))];
        string? twice = all.CountBy(task => task.Task).FirstOrDefault(name => name.Value > 1).Key;
        return twice is null
            ? selection with { Tasks = all }
            : throw new ConfigurationException($"there are two tasks '{twice}'; give one of them another name");
    }

    private static ImmutableArray<TaskDefinition> Checked(TaskDefinition task)
    {
        var faults = new FaultList();
        new RecordRules(faults, new SettingOrigin($"task '{task.Task}'", 0)).Check(task, string.Empty);
        faults.ThrowIfAny();
        return task.Expand();
    }
}
