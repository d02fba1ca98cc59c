using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>Time and memory of the phases, and the notes of the run.</summary>
internal static class PhaseSection
{
    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, JsonObject report)
    {
        JsonObject[] phases = [.. report.Entries("phases").Where(HasWorked)];
        PageFrame.Begin(page, "run", "Time and memory");
        page.Element(
            "p",
            $"The run took {Figures.Duration(report.Number("seconds"))} and at most "
            + $"{Figures.Bytes(report.Number("peak_rss_bytes"))} of memory{Expected(report)}. "
            + $"The memory of a phase is the most that the process had used by its end.");
        WritePhases(page, phases);
        if (report["notes"] is JsonArray { Count: > 0 } notes)
        {
            page.Element("h3", "Notes of the run").Open("ul");
            foreach (JsonNode? note in notes)
            {
                page.Element("li", note is JsonValue value && value.TryGetValue(out string? text) ? text : "");
            }

            page.Close("ul");
        }

        PageFrame.End(page);
    }

    // A phase that is switched off takes no time.
    private static bool HasWorked(JsonObject phase) => phase.Number("seconds") is null or >= Figures.LeastSeconds;

    private static string Expected(JsonObject report) => report["expected"] is JsonObject expected
        ? $" (expected: {Figures.Duration(expected.Number("seconds"))} and "
            + $"{Figures.Bytes(expected.Number("peak_rss_bytes"))})"
        : string.Empty;

    private static void WritePhases(Markup page, IReadOnlyList<JsonObject> phases)
    {
        const string Name = "Phases in their order";
        double longest = phases.Select(phase => phase.Number("seconds") ?? 0).DefaultIfEmpty(0).Max();
        page.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", Name))
            .Open("table", ("class", "sortable"))
            .Open("caption").Element("span", Name).Close("caption").Open("thead").Open("tr");
        foreach (string head in (string[])["phase", "time", "memory", "share of the longest"])
        {
            page.Element("th", head, ("scope", "col"));
        }

        page.Close("tr").Close("thead").Open("tbody");
        foreach (JsonObject phase in phases)
        {
            WritePhase(page, phase, longest);
        }

        page.Close("tbody").Close("table").Close("div");
    }

    private static void WritePhase(Markup page, JsonObject phase, double longest)
    {
        double seconds = phase.Number("seconds") ?? 0;
        double? memory = phase.Number("peak_rss_bytes") is { } bytes and > 0 ? bytes : null;
        string width = (longest > 0 ? 100 * seconds / longest : 0).ToString("0.##", CultureInfo.InvariantCulture);
        page.Open("tr").Element("th", phase.Word("name"), ("scope", "row"))
            .Element("td", Figures.Duration(seconds), ("class", "number"), ("data-order", Figures.Exact(seconds)))
            .Element("td", Figures.Bytes(memory), ("class", "number"), ("data-order", Figures.Exact(memory ?? 0)))
            .Open("td", ("class", "wide"), ("data-order", Figures.Exact(seconds)))
            .Open("span", ("class", "bar"), ("style", $"width: {width}%")).Close("span").Close("td")
            .Close("tr");
    }
}
