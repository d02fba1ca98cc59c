using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Files;

namespace Hypercompress.Cli.Commands.Comparing;

/// <summary>Writes the result of <c>compare</c> for people: one table of sizes, and one for every text.</summary>
internal static class CompareText
{
    private const string Gap = "  ";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes the result.</summary>
    /// <param name="results">Standard output.</param>
    /// <param name="document">The document of <c>--json</c>.</param>
    /// <param name="width">Characters of a line; a wider table goes on below, with its first column again.</param>
    public static void Write(TextWriter results, JsonObject document, int width = int.MaxValue)
    {
        JsonObject[] models = [.. document["models"]!.AsArray().OfType<JsonObject>()];
        WriteTable(results, width, ["model", "bytes", "ratio", "quality"], models.Select(model => (string[])
        [
            (string)model["name"]!,
            Number(model["bytes"]) is { } bytes ? SizeText.Of((long)bytes) : "-",
            Number(model["ratio"]) is { } ratio ? ratio.ToString("0.000", Culture) + "x" : "-",
            (string?)model["class"] ?? "-",
        ]));
        foreach (IGrouping<string, (JsonObject Model, JsonObject Text)> text in Texts(models))
        {
            results.WriteLine();
            results.WriteLine(text.Key);
            WriteTable(
                results,
                width,
                ["model", "perplexity", "KL", "median", "99 %", "99.9 %", "max", "same top-1", "RMS dp"],
                text.Select(entry => Row(entry.Model, entry.Text)));
        }

        WriteTasks(results, width, models);
    }

    // The texts of all models, each with the models that were scored on it under the same conditions.
    private static IEnumerable<IGrouping<string, (JsonObject Model, JsonObject Text)>> Texts(JsonObject[] models) =>
        from model in models
        from text in model["texts"]!.AsArray().OfType<JsonObject>()
        let name = $"{text["file"]} ({text["convention"]}, windows of {text["window"]}, {text["tokens"]} tokens)"
        group (Model: model, Text: text) by name;

    private static string[] Row(JsonObject model, JsonObject text)
    {
        JsonNode? kl = text["kl"];
        return
        [
            (string)model["name"]!,
            $"{Short(text["perplexity"])} ± {Short(text["perplexity_stderr"], "G2")}",
            Short(kl?["mean"]),
            Short(kl?["median"]),
            Short(kl?["p99"]),
            Short(kl?["p999"]),
            Short(kl?["max"]),
            Number(kl?["same_top1"]) is { } share ? (100 * share).ToString("0.0", Culture) + " %" : "-",
            Short(kl?["rms_dp"]),
        ];
    }

    private static void WriteTasks(TextWriter results, int width, JsonObject[] models)
    {
        string[] tasks =
            [.. models.SelectMany(model => model["tasks"]!.AsObject().Select(task => task.Key)).Distinct()];
        if (tasks.Length == 0)
        {
            return;
        }

        results.WriteLine();
        string[] heads = ["task", .. models.Select(model => (string)model["name"]!)];
        WriteTable(results, width, heads, tasks.Select(task => (string[])
        [
            task,
            .. models.Select(model => model["tasks"]![task] is { } score
                ? $"{Short(score["value"])} ± {Short(score["stderr"], "G2")}"
                : "-"),
        ]));
    }

    private static void WriteTable(TextWriter results, int width, string[] heads, IEnumerable<string[]> rows)
    {
        string[][] all = [heads, .. rows];
        int[] widths = [.. Enumerable.Range(0, heads.Length).Select(column => all.Max(row => row[column].Length))];
        int next = 1;
        while (next < heads.Length)
        {
            int first = next;
            int used = widths[0];
            do
            {
                used += Gap.Length + widths[next++];
            }
            while (next < heads.Length && used + Gap.Length + widths[next] <= width);

            foreach (string[] row in all)
            {
                // Names begin at the left, numbers end at the right.
                IEnumerable<string> cells =
                    Enumerable.Range(first, next - first).Select(column => row[column].PadLeft(widths[column]));
                results.WriteLine(string.Join(Gap, cells.Prepend(row[0].PadRight(widths[0]))).TrimEnd());
            }
        }
    }

    private static string Short(JsonNode? value, string format = "G4") =>
        Number(value) is { } number ? number.ToString(format, Culture) : "-";

    private static double? Number(JsonNode? value) =>
        value is JsonValue number && number.TryGetValue(out double found) ? found
        : value is JsonValue whole && whole.TryGetValue(out long count) ? count
        : value is JsonValue small && small.TryGetValue(out int few) ? few
        : null;
}
