using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.Evaluation.Benchmarks;

/// <summary>Scores of groups: means of their tasks, weighted by documents, with pooled standard errors.</summary>
/// <param name="selection">The tasks and their groups.</param>
internal sealed class GroupSummary(TaskSelection selection)
{
    /// <summary>The scores of a model on its tasks and their groups.</summary>
    /// <param name="tasks">Its results.</param>
    public TaskScores Scores(IReadOnlyList<TaskResult> tasks) =>
        new([.. tasks], [.. selection.Groups.Select(group => Score(group, tasks))]);

    /// <summary>The comparisons of groups that have scores.</summary>
    /// <param name="comparisons">Those of tasks.</param>
    /// <param name="tasks">The student's results, for the numbers of documents.</param>
    public IEnumerable<TaskComparison> Compare(
        IReadOnlyList<TaskComparison> comparisons, IReadOnlyList<TaskResult> tasks)
    {
        foreach (TaskGroup whole in selection.Groups.Where(whole => comparisons.Count > 0 && !whole.Metrics.IsEmpty))
        {
            string[] members = [.. selection.TasksOf(whole)];
            var differences =
                from comparison in comparisons
                where members.Contains(comparison.Task)
                from difference in comparison.Differences
                where whole.Metrics.Contains(difference.Name)
                let size = tasks.First(task => task.Task == comparison.Task).Documents
                group (difference.Difference, difference.StandardError, size) by (difference.Name, difference.Filter);
            yield return new TaskComparison(
                whole.Group,
                [.. differences.Select(
                    metric =>
                    new MetricDifference(metric.Key.Name, metric.Key.Filter, Mean([.. metric]), Pooled([.. metric])))],
                Agreement: null,
                Divergence: null,
                TopAgreement: null);
        }
    }

    private GroupResult Score(TaskGroup whole, IReadOnlyList<TaskResult> tasks)
    {
        string[] members = [.. selection.TasksOf(whole)];
        TaskResult[] results = [.. tasks.Where(task => members.Contains(task.Task))];
        var metrics =
            from task in results
            from metric in task.Metrics
            where whole.Metrics.Contains(metric.Name)
            group (metric.Value, metric.StandardError, task.Documents) by (
                metric.Name, metric.Filter, metric.HigherIsBetter);
        return new GroupResult(
            whole.Group,
            whole.Version,
            whole.Tasks,
            results.Sum(task => task.Documents),
            [
                .. metrics.Select(metric => new MetricResult(
                    metric.Key.Name, metric.Key.Filter, Mean([.. metric]), Pooled([.. metric]),
                    metric.Key.HigherIsBetter)),
            ]);
    }

    private static double Mean((double Value, double? Error, int Size)[] parts) =>
        parts.Sum(part => part.Value * part.Size) / parts.Sum(part => (double)part.Size);

    /// <summary>
    /// √(Σ (n−1)·se²·n / (Σ n − k) / Σ n) over k tasks of n documents; null where a task has no error.
    /// </summary>
    private static double? Pooled((double Value, double? Error, int Size)[] parts)
    {
        double all = parts.Sum(part => (double)part.Size);
        return parts.All(part => part.Error is not null)
            ? Math.Sqrt(
                parts.Sum(part => (part.Size - 1) * Math.Pow(part.Error!.Value, 2) * part.Size) / (
                all - parts.Length) / all)
            : null;
    }
}
