using System.Globalization;
using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Output;

/// <summary>Writes the result of <c>evaluate</c> for people.</summary>
internal static class ScoreText
{
    private const string ErrorSuffix = "_stderr";

    /// <summary>Writes the result.</summary>
    /// <param name="results">Standard output.</param>
    /// <param name="document">The document of <c>--json</c>.</param>
    public static void Write(TextWriter results, JsonObject document)
    {
        foreach ((string key, string label) in new[] { ("teacher_perplexity", "teacher "), ("perplexity", "") })
        {
            foreach (JsonNode? row in document[key]?.AsArray() ?? [])
            {
                results.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{label}{row!["file"]}: perplexity {Real(row["ppl"]):F4} ± {Real(row["stderr"]):F4} "
                    + $"({row["convention"]}, windows of {row["window"]}, {row["tokens"]} tokens), "
                    + $"accuracy {100 * Real(row["accuracy"]):F2} %"));
            }
        }

        foreach (JsonNode? row in document["comparison"]?.AsArray() ?? [])
        {
            results.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{row!["file"]}: KL divergence {Real(row["kl"]):F4} nats, "
                + $"same first guess {100 * Real(row["agreement"]):F1} %"));
        }

        WriteTasks(results, "teacher ", document["teacher_tasks"]);
        WriteTasks(results, "", document["tasks"]);
        WriteTasks(results, "difference (student - teacher) ", document["task_comparison"]);
    }

    private static void WriteTasks(TextWriter results, string label, JsonNode? tasks)
    {
        foreach ((string name, JsonNode? row) in tasks?.AsObject() ?? [])
        {
            string[] scores = [.. Scores(row!.AsObject())];
            if (scores.Length > 0)
            {
                string documents = row["documents"] is { } count ? $" ({count} documents{Cut(row)})" : string.Empty;
                results.WriteLine($"{label}{name}{documents}: {string.Join(", ", scores)}");
            }
        }
    }

    private static string Cut(JsonNode row) =>
        (int?)row["truncated"] is > 0 and var cut ? $", {cut} of them shortened to the model's context" : string.Empty;

    private static double Real(JsonNode? value) => (double?)value ?? double.NaN;

    // A score has a standard error; for a task with filters the plain name only repeats the first filter.
    private static IEnumerable<string> Scores(JsonObject row)
    {
        foreach ((string name, JsonNode? value) in row)
        {
            string error = name.Split(',') is [var metric, var filter]
                ? $"{metric}{ErrorSuffix},{filter}"
                : name + ErrorSuffix;
            if (row.ContainsKey(error) && !row.Any(other => other.Key.StartsWith($"{name},", StringComparison.Ordinal)))
            {
                string score = (double?)value is { } number
                    ? string.Create(CultureInfo.InvariantCulture, $"{name} {number:F4}")
                    : $"{name} infinite";
                yield return (double?)row[error] is { } spread
                    ? string.Create(CultureInfo.InvariantCulture, $"{score} ± {spread:F4}")
                    : score;
            }
        }
    }
}
