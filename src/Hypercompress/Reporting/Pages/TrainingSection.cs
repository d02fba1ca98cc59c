using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>The loss curves of training.</summary>
internal static class TrainingSection
{
    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, JsonObject report)
    {
        IReadOnlyList<JsonObject> phases = report.Entries("training");
        if (phases.Count == 0)
        {
            return;
        }

        PageFrame.Begin(page, "training", "Training");
        if (phases.All(phase => phase.Number("steps") is null or 0))
        {
            page.Element("p", "The student was not trained.");
        }
        else
        {
            page.Open("div", ("class", "charts"));
            foreach (JsonObject phase in phases)
            {
                Draw(page, phase, "losses", "training loss, nats per token", "series-1");
                Draw(page, phase, "validations", "perplexity on held-out text", "series-3");
                Draw(page, phase, "divergences", "KL divergence on held-out text, nats per token", "series-2");
            }

            page.Close("div");
            PageTable.Write(
                page,
                "Training phases; losses in nats per token",
                ["phase", "steps", "tokens", "first loss", "last loss", "ended by"],
                phases.Select(Row));
        }

        PageFrame.End(page);
    }

    private static void Draw(Markup page, JsonObject phase, string key, string name, string style)
    {
        IReadOnlyList<(double X, double Y)> points = phase.Curve(key);
        if (points.Count < 2)
        {
            return;
        }

        LineChart.Draw(
            page,
            $"{phase.Word("name")}: {name}",
            $"From {Figures.Short(points[0].Y)} to {Figures.Short(points[^1].Y)} in {points[^1].X} steps.",
            ChartAxis.Around("step", [.. points.Select(point => point.X)], isLogarithmic: false),
            ChartAxis.Around(name, [.. points.Select(point => point.Y)], isLogarithmic: false),
            [new ChartSeries(name, style, points)]);
    }

    private static PageCell[] Row(JsonObject phase) =>
    [
        new(phase.Word("name")),
        PageCell.Of(Figures.Count(phase.Number("steps")), phase.Number("steps")),
        PageCell.Of(Figures.Count(phase.Number("tokens")), phase.Number("tokens")),
        PageCell.Of(Figures.Short(phase.Number("first_loss")), phase.Number("first_loss")),
        PageCell.Of(Figures.Short(phase.Number("last_loss")), phase.Number("last_loss")),
        new(phase.Word("stopped_because")),
    ];
}
