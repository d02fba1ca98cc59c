using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>The head of a report: title, verdict and the four figures that matter most.</summary>
internal static class VerdictSection
{
    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">The title of the page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, string title, JsonObject report)
    {
        page.Open("header").Element("h1", title);
        JsonNode? quality = report["quality"];
        if (quality is null)
        {
            page.Element("p", "Quality was not measured: the run had no validation text.", ("class", "verdict"));
        }
        else
        {
            WriteVerdict(page, quality);
        }

        WriteTiles(page, report);
        page.Close("header");
    }

    private static void WriteVerdict(Markup page, JsonNode quality)
    {
        page.Open("p").Element("span", quality.Word("class"), ("class", "class")).Close("p");
        page.Element("p", quality.Word("sentence"), ("class", "verdict"));
        if (quality.At("peer") is { } peer)
        {
            page.Element("p", peer.Word("sentence"));
            page.Element("p", $"Source of the comparison: {peer.Word("source")}.", ("class", "soft"));
        }

        bool certain = quality.At("certain") is JsonValue value && value.TryGetValue(out bool sure) && sure;
        string limits = string.Join(", ", quality.Entries("classes").Select(Limit));
        page.Element(
            "p",
            $"Classes by the loss gap on the validation text where it is largest ({quality.Word("text")}), in nats per "
            + $"token: {limits}. "
            + (certain
                ? "The class holds within two standard errors."
                : "The gap is within two standard errors of the limit of a class, so the class is uncertain."),
            ("class", "soft"));
    }

    private static string Limit(JsonObject quality) => quality.Number("largest_gap") is { } gap
        ? $"“{quality.Word("name")}” up to {Figures.Short(gap)}"
        : $"“{quality.Word("name")}” above";

    private static void WriteTiles(Markup page, JsonObject report)
    {
        page.Open("ul", ("class", "tiles"));
        Tile(
            page,
            Figures.Bytes(report.Number("bytes", "student")),
            $"weights, from {Figures.Bytes(report.Number("bytes", "teacher"))}");
        Tile(
            page,
            Figures.Ratio(report.Number("compression_ratio")),
            $"smaller; {Figures.Ratio(report.Number("asked_ratio"))} was asked for");
        if (report.At("perplexity") is { } perplexity)
        {
            Tile(
                page,
                Figures.Short(perplexity.Number("student")),
                $"perplexity; the teacher has {Figures.Short(perplexity.Number("teacher"))}");
        }

        if (report.Entries("evaluation", "texts") is [var first, ..])
        {
            Tile(page, Figures.Short(first.Number("divergence")), "KL divergence from the teacher, nats per token");
        }

        page.Close("ul");
    }

    private static void Tile(Markup page, string figure, string meaning) =>
        page.Open("li").Element("strong", figure).Element("span", meaning).Close("li");
}
