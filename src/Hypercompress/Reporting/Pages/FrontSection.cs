using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>Quality over size: the front that the offers predict, its limit, and this run.</summary>
internal static class FrontSection
{
    // A model that has lost more says nothing; a smaller loss cannot be measured. The rest of the curve would be flat.
    private const double LargestExcess = 2.5;
    private const double LeastExcess = 1e-5;

    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, JsonObject report)
    {
        IReadOnlyList<JsonObject> front = report.Entries("front");
        if (front.Count == 0 && report["limit"] is null)
        {
            return;
        }

        PageFrame.Begin(page, "front", "Size and quality");
        WriteLimit(page, report["limit"]);
        if (front.Count > 0)
        {
            Draw(page, report, front);
            page.Open("details").Element("summary", "The points of the chart");
            PageTable.Write(
                page,
                "Predicted perplexity on the first text by size",
                ["ratio", "bytes", "without training", "band", "after training", "at the rate–distortion limit"],
                front.Select(Row));
            page.Close("details");
        }

        PageFrame.End(page);
    }

    private static void WriteLimit(Markup page, JsonNode? limit)
    {
        if (limit is not null)
        {
            page.Element(
                "p",
                $"Before training the matrices take {Figures.Short(limit.Number("bits"))} bits per weight. For the "
                + $"same predicted loss ({Figures.Short(limit.Number("error"))} nats per token) the rate–distortion "
                + $"limit of a Gaussian source is {Figures.Short(limit.Number("limit_bits"))} bits; with these bits "
                + $"the smallest possible loss is {Figures.Short(limit.Number("limit_error"))}.");
        }
    }

    private static void Draw(Markup page, JsonObject report, IReadOnlyList<JsonObject> front)
    {
        if (report.Number("perplexity", "teacher") is not { } teacher || teacher <= 0)
        {
            return;
        }

        static bool Fits((double X, double Y) point) => point is { X: > 0, Y: >= LeastExcess and <= LargestExcess };
        (double X, double Y) Excess((double X, double Y) point) => (point.X, Math.Log(point.Y / teacher));
        ChartSeries[] series =
        [
            .. new ChartSeries[]
            {
                new("predicted without training", "series-1", Points(front, "perplexity")),
                new("predicted after training", "series-4", Points(front, "trained_perplexity")),
                new("rate–distortion limit, predicted", "series-2", Points(front, "limit_perplexity")),
                new("this run, measured", "series-3", Measured(report)),
            }.Select(one => one with { Points = [.. one.Points.Select(Excess).Where(Fits)] })
            .Where(one => one.Points.Count > 0),
        ];
        (double X, double Y)[] all = [.. series.SelectMany(one => one.Points)];
        if (all.Length < 2)
        {
            return;
        }

        LineChart.Draw(
            page,
            "Loss above the teacher's on the first validation text, nats per token, by bytes of the weights",
            $"{front.Count} predicted sizes from {Figures.Bytes(front[^1].Number("bytes"))} to "
            + $"{Figures.Bytes(front[0].Number("bytes"))}; the numbers are in the table below.",
            ChartAxis.Around("weights, MB", [.. all.Select(point => point.X)], isLogarithmic: true),
            ChartAxis.Around("loss above the teacher's", [.. all.Select(point => point.Y)], isLogarithmic: true),
            series);
    }

    private static (double X, double Y)[] Points(IReadOnlyList<JsonObject> front, string key) =>
    [
        .. from point in front
           let bytes = point.Number("bytes")
           let perplexity = point.Number(key)
           where bytes is not null && perplexity is not null
           select (bytes.Value / 1e6, perplexity.Value),
    ];

    private static (double X, double Y)[] Measured(JsonObject report) =>
        report.Number("bytes", "student") is { } bytes && report.Number("perplexity", "student") is { } perplexity
            ? [(bytes / 1e6, perplexity)]
            : [];

    private static PageCell[] Row(JsonObject point) =>
    [
        PageCell.Of(Figures.Ratio(point.Number("ratio")), point.Number("ratio")),
        PageCell.Of(Figures.Count(point.Number("bytes")), point.Number("bytes")),
        PageCell.Of(Figures.Short(point.Number("perplexity")), point.Number("perplexity")),
        new(point.Forecast()?.Band(Figures.ShortFormat) ?? string.Empty),
        PageCell.Of(Figures.Short(point.Number("trained_perplexity")), point.Number("trained_perplexity")),
        PageCell.Of(Figures.Short(point.Number("limit_perplexity")), point.Number("limit_perplexity")),
    ];
}
