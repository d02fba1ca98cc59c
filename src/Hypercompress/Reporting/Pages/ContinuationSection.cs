using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>Short texts of both models side by side.</summary>
internal static class ContinuationSection
{
    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, JsonObject report)
    {
        IReadOnlyList<JsonObject> texts = report.Entries("continuations");
        if (texts.Count == 0)
        {
            return;
        }

        PageFrame.Begin(page, "continuations", "Texts of both models");
        page.Element(
            "p",
            "Both models continued the same prompts from the validation texts; nothing is chosen. An ellipsis stands "
            + "where a model was stopped.");
        foreach (JsonObject text in texts)
        {
            string how = text.Number("temperature") is { } temperature and > 0
                ? $"drawn at temperature {Figures.Short(temperature)}, seed {Figures.Short(text.Number("seed"))}"
                : "the most probable token at every step";
            page.Element("h3", $"“{text.Word("prompt")}” …").Element("p", how, ("class", "soft"));
            page.Open("div", ("class", "pair"));
            Column(page, "Teacher", text.Word("teacher"));
            Column(page, "Student", text.Word("student"));
            page.Close("div");
        }

        PageFrame.End(page);
    }

    private static void Column(Markup page, string head, string words) =>
        page.Open("div").Element("h4", head).Element("p", words, ("class", "words")).Close("div");
}
