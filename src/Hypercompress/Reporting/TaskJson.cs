using System.Text.Json.Nodes;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.Reporting;

/// <summary>
/// Scores of tasks as JSON for scripts: <c>task.metric</c> and <c>task.metric_stderr</c>. For a task with filters the
/// names are <c>metric,filter</c> and <c>metric_stderr,filter</c>; its first filter has the plain names too.
/// </summary>
public static class TaskJson
{
    /// <summary>The scores of a model.</summary>
    /// <param name="scores">The scores.</param>
    /// <returns>An object with one member per task and group.</returns>
    public static JsonObject Scores(TaskScores scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        var document = new JsonObject();
        foreach (TaskResult task in scores.Tasks)
        {
            JsonObject row = Metrics(task.Metrics);
            row["documents"] = task.Documents;
            row["documents_in_split"] = task.Total;
            row["truncated"] = task.Truncated;
            row["shots"] = task.Shots;
            row["version"] = task.Version;
            document[task.Task] = row;
        }

        foreach (GroupResult whole in scores.Groups)
        {
            JsonObject row = Metrics(whole.Metrics);
            row["documents"] = whole.Documents;
            row["tasks"] = new JsonArray([.. whole.Tasks.Select(task => JsonValue.Create(task))]);
            row["version"] = whole.Version;
            document[whole.Group] = row;
        }

        return document;
    }

    /// <summary>Compares teacher and student.</summary>
    /// <param name="comparisons">The comparisons.</param>
    /// <returns>
    /// Per task and group: the difference of every metric, how often both give the same answer, and the divergence of
    /// their predictions.
    /// </returns>
    public static JsonObject Comparisons(IEnumerable<TaskComparison> comparisons)
    {
        var document = new JsonObject();
        foreach (TaskComparison comparison in comparisons)
        {
            var row = new JsonObject();
            foreach (MetricDifference metric in comparison.Differences)
            {
                row[Key($"{metric.Name}_difference", metric.Filter)] = Number(metric.Difference);
                row[Key($"{metric.Name}_difference_stderr", metric.Filter)] = Number(metric.StandardError);
            }

            Add(row, "answer_agreement", comparison.Agreement);
            Add(row, "kl", comparison.Divergence);
            Add(row, "top1_agreement", comparison.TopAgreement);
            document[comparison.Task] = row;
        }

        return document;
    }

    /// <summary>A number, or null where there is none or it is not finite, which JSON cannot write.</summary>
    internal static JsonValue? Number(double? value) =>
        value is { } number && double.IsFinite(number) ? JsonValue.Create(number) : null;

    private static void Add(JsonObject row, string name, Estimate? estimate)
    {
        if (estimate is not null)
        {
            row[name] = Number(estimate.Mean);
            row[$"{name}_stderr"] = Number(estimate.StandardError);
        }
    }

    private static JsonObject Metrics(IEnumerable<MetricResult> metrics)
    {
        var row = new JsonObject();
        foreach (MetricResult metric in metrics)
        {
            row[Key(metric.Name, metric.Filter)] = Number(metric.Value);
            row[Key($"{metric.Name}_stderr", metric.Filter)] = Number(metric.StandardError);
            row.TryAdd(metric.Name, Number(metric.Value));
            row.TryAdd($"{metric.Name}_stderr", Number(metric.StandardError));
        }

        return row;
    }

    private static string Key(string name, string filter) => filter == AnswerFilter.None ? name : $"{name},{filter}";
}
