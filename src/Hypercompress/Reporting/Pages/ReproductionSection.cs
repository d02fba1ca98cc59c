using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>How to make, check and use the same artifact.</summary>
internal static class ReproductionSection
{
    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, JsonObject report)
    {
        PageFrame.Begin(page, "reproduce", "How to reproduce");
        page.Element(
            "p",
            "Run this in a folder that holds recipe.yaml and the texts that it names. MODEL is the teacher:");
        page.Open("pre", ("tabindex", "0")).Element(
            "code",
            "hypercompress compress MODEL --config recipe.yaml --out again\n"
            + "hypercompress verify again\n"
            + "hypercompress generate again --prompt \"Once upon a time\"").Close("pre");
        if (report["conditions"] is { } conditions)
        {
            page.Element(
                "p",
                $"Made by {conditions.Word("tool")} on {conditions.Word("system")}, {conditions.Word("runtime")}, with "
                + $"{Figures.Short(conditions.Number("processors"))} processors, "
                + $"{Figures.Short(conditions.Number("threads"))} threads and seed "
                + $"{Figures.Short(conditions.Number("seed"))}. On a CPU the same number of threads gives the same "
                + $"bytes.");
        }

        page.Element(
            "p",
            "report.json has every number of this page, plan.json the decision for every site, and hypercompress.json "
            + "the hashes of all files.");
        PageFrame.End(page);
    }
}
