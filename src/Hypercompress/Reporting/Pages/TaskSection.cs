using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>Scores of both models on benchmark tasks.</summary>
internal static class TaskSection
{
    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, JsonObject report)
    {
        JsonNode? tasks = report.At("evaluation", "tasks");
        IReadOnlyList<JsonObject> students = tasks.Entries("student", "tasks");
        if (students.Count == 0)
        {
            return;
        }

        PageFrame.Begin(page, "tasks", "Tasks");
        page.Element(
            "p",
            "Scores as lm-evaluation-harness defines them, of both models on the same documents. The difference has "
            + "the standard error of the paired answers.");
        PageTable.Write(
            page,
            "Benchmark tasks",
            ["task", "shots", "documents", "metric", "teacher", "student", "difference"],
            students.SelectMany(task => Rows(tasks, task)));
        PageFrame.End(page);
    }

    private static IEnumerable<PageCell[]> Rows(JsonNode? tasks, JsonObject task)
    {
        string name = task.Word("task");
        JsonObject? teacher = Named(tasks.Entries("teacher", "tasks"), "task", name);
        JsonObject? comparison = Named(tasks.Entries("comparisons"), "task", name);
        foreach (JsonObject metric in task.Entries("metrics"))
        {
            JsonObject? before = Same(teacher.Entries("metrics"), metric);
            JsonObject? difference = Same(comparison.Entries("differences"), metric);
            string filter = metric.Word("filter") is "none" or "" ? "" : $", {metric.Word("filter")}";
            yield return
            [
                new(name),
                PageCell.Of(Figures.Short(task.Number("shots")), task.Number("shots")),
                PageCell.Of(Figures.Count(task.Number("documents")), task.Number("documents")),
                new(metric.Word("name") + filter),
                Value(before, "value"),
                Value(metric, "value"),
                Value(difference, "difference"),
            ];
        }
    }

    private static PageCell Value(JsonObject? metric, string key) => PageCell.Of(
        Figures.Uncertain(metric.Number(key), metric.Number("standard_error")), metric.Number(key));

    private static JsonObject? Named(IReadOnlyList<JsonObject> entries, string key, string name) =>
        entries.FirstOrDefault(entry => entry.Word(key) == name);

    private static JsonObject? Same(IReadOnlyList<JsonObject> metrics, JsonObject wanted) => metrics.FirstOrDefault(
        metric => metric.Word("name") == wanted.Word("name") && metric.Word("filter") == wanted.Word("filter"));
}
