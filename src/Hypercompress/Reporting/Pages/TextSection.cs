using System.Text.Json.Nodes;
using Hypercompress.Reporting.Wording;

namespace Hypercompress.Reporting.Pages;

/// <summary>The texts of the run: names, token counts and hashes.</summary>
internal static class TextSection
{
    /// <summary>Writes it.</summary>
    /// <param name="page">The page.</param>
    /// <param name="report">The report.</param>
    public static void Write(Markup page, JsonObject report)
    {
        IReadOnlyList<JsonObject> texts = report.Entries("texts");
        if (texts.Count == 0)
        {
            return;
        }

        PageFrame.Begin(page, "texts", "Texts");
        PageTable.Write(
            page,
            "Texts of the run; “used” counts the tokens that were read for statistics or scores",
            ["file", "use", "tokens", "used", "share of its use", "SHA-256"],
            texts.Select(text => Row(text, texts)));
        PageFrame.End(page);
    }

    private static PageCell[] Row(JsonObject text, IReadOnlyList<JsonObject> all)
    {
        double used = text.Number("used_tokens") ?? 0;
        double together =
            all.Where(other => other.Word("use") == text.Word("use")).Sum(other => other.Number("used_tokens") ?? 0);
        double? share = together > 0 ? used / together : null;
        return
        [
            new(Figures.FileName(text.Word("name"))),
            new(text.Word("use")),
            PageCell.Of(Figures.Count(text.Number("tokens")), text.Number("tokens")),
            PageCell.Of(Figures.Count(used), used),
            PageCell.Of(Figures.Percent(share), share),
            new(text.Word("sha256")),
        ];
    }
}
