using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>Several models side by side as one HTML file, in the way of <see cref="ReportPage"/>.</summary>
public static class ComparisonPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="document">The document of <c>compare --json</c>.</param>
    /// <returns>HTML.</returns>
    public static string Write(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        IReadOnlyList<JsonObject> models = document.Entries("models");
        return PageFrame.Write($"{models.Count} models side by side", page =>
        {
            page.Open("header").Element("h1", $"{models.Count} models side by side").Close("header");
            WriteSizes(page, models);
            WriteTexts(page, models);
            WriteTasks(page, models);
        });
    }

    private static void WriteSizes(Markup page, IReadOnlyList<JsonObject> models)
    {
        PageFrame.Begin(page, "size", "Size");
        PageTable.Write(
            page,
            "Weights of the models",
            ["model", "made from", "bytes", "ratio", "quality", "time"],
            models.Select(model => (PageCell[])
            [
                new(model.Word("name")),
                new(model.Word("teacher")),
                PageCell.Of(Figures.Count(model.Number("bytes")), model.Number("bytes")),
                PageCell.Of(Figures.Ratio(model.Number("ratio")), model.Number("ratio")),
                new(model.Word("class")),
                PageCell.Of(Figures.Duration(model.Number("seconds")), model.Number("seconds")),
            ]));
        PageFrame.End(page);
    }

    private static void WriteTexts(Markup page, IReadOnlyList<JsonObject> models)
    {
        var texts = (
            from model in models
            from text in model.Entries("texts")
            let name = $"{Figures.FileName(text.Word("file"))}: {text.Word("convention")} windows of "
                + $"{Figures.Count(text.Number("window"))}, {Figures.Count(text.Number("tokens"))} tokens"
            group (Model: model, Text: text) by name).ToArray();
        if (texts.Length == 0)
        {
            return;
        }

        PageFrame.Begin(page, "texts", "Quality");
        page.Element("p", "± is one standard error. Only scores within one table were measured on the "
            + "same tokens.");
        foreach (IGrouping<string, (JsonObject Model, JsonObject Text)> text in texts)
        {
            page.Element("h3", text.Key);
            Draw(page, text.Key, [.. text]);
            PageTable.Write(
                page,
                $"{text.Key}; KL divergences in nats per token",
                ["model", "perplexity", "loss gap", "KL mean", "median", "99 %", "99.9 %", "maximum",
                    "same first guess", "RMS Δp"],
                text.Select(entry => Row(entry.Model, entry.Text)));
        }

        PageFrame.End(page);
    }

    private static PageCell[] Row(JsonObject model, JsonObject text)
    {
        JsonNode? kl = text["kl"];
        PageCell Plain(string key) => PageCell.Of(Figures.Short(kl.Number(key)), kl.Number(key));
        return
        [
            new(model.Word("name")),
            Uncertain(text, "perplexity", "perplexity_stderr"),
            Uncertain(text, "loss_difference", "loss_difference_stderr"),
            Uncertain(kl, "mean", "stderr"),
            Plain("median"),
            Plain("p99"),
            Plain("p999"),
            Plain("max"),
            PageCell.Of(Figures.Percent(kl.Number("same_top1")), kl.Number("same_top1")),
            Plain("rms_dp"),
        ];
    }

    private static PageCell Uncertain(JsonNode? node, string key, string error) =>
        PageCell.Of(Figures.Uncertain(node.Number(key), node.Number(error)), node.Number(key));

    // Every model is a mark of its own; four of them can be told apart, so more are only in the table.
    private static void Draw(Markup page, string name, (JsonObject Model, JsonObject Text)[] entries)
    {
        ChartSeries[] series =
        [
            .. from entry in entries.Index()
               let bytes = entry.Item.Model.Number("bytes")
               let perplexity = entry.Item.Text.Number("perplexity")
               where bytes > 0 && perplexity > 0
               select new ChartSeries(
                   entry.Item.Model.Word("name"), $"series-{1 + entry.Index}", [(bytes.Value / 1e6, perplexity.Value)]),
        ];
        if (series.Length is < 2 or > 4)
        {
            return;
        }

        LineChart.Draw(
            page,
            "Perplexity by bytes of the weights",
            $"{name}; the numbers are in the table below.",
            ChartAxis.Around("weights, MB", [.. series.Select(one => one.Points[0].X)], isLogarithmic: true),
            ChartAxis.Around("perplexity", [.. series.Select(one => one.Points[0].Y)], isLogarithmic: true),
            series);
    }

    private static void WriteTasks(Markup page, IReadOnlyList<JsonObject> models)
    {
        string[] tasks =
        [
            .. models.SelectMany(model => (model.At("tasks") as JsonObject ?? []).Select(task => task.Key)).Distinct(),
        ];
        if (tasks.Length == 0)
        {
            return;
        }

        PageFrame.Begin(page, "tasks", "Tasks");
        PageTable.Write(
            page,
            "Scores on benchmark tasks",
            ["task", .. models.Select(model => model.Word("name"))],
            tasks.Select(task => (PageCell[])
            [
                new(task),
                .. models.Select(model => Uncertain(model.At("tasks", task), "value", "stderr")),
            ]));
        PageFrame.End(page);
    }
}
