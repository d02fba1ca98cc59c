using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>The words of the page, explained.</summary>
internal static class WordSection
{
    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, JsonObject report)
    {
        PageFrame.Begin(page, "words", "Words");
        page.Open("dl");
        IEnumerable<string> forms = report.Entries("sites").Select(site => site.Word("form"));
        foreach ((string word, string meaning) in Glossary.ForForms(forms))
        {
            page.Element("dt", word).Element("dd", meaning);
        }

        foreach (JsonObject branch in report.Entries("branches"))
        {
            if (branch.Word("metadata", Glossary.BranchSummary) is { Length: > 0 } summary)
            {
                page.Element("dt", branch.Word("name")).Element("dd", summary);
            }
        }

        page.Close("dl");
        PageFrame.End(page);
    }
}
