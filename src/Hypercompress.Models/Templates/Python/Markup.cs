using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Escapes texts for HTML as markupsafe does.</summary>
internal static class Markup
{
    /// <summary>The text of a value with the signs of HTML escaped, unless it is marked as safe.</summary>
    public static string Escape(object? value, TemplateRun run) =>
        value is TemplateMarkup markup ? markup.Text : EscapeText(PythonText.Of(value, run), run);

    /// <summary>A text with the signs of HTML escaped.</summary>
    public static string EscapeText(string text, TemplateRun run) => run.Made(text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace("'", "&#39;", StringComparison.Ordinal)
        .Replace("\"", "&#34;", StringComparison.Ordinal));

    /// <summary>The texts among values escaped; for what is put into a text that is marked as safe.</summary>
    public static object? EscapeAll(object? value, TemplateRun run)
    {
        run.Step();
        return value switch
        {
            string text => EscapeText(text, run),
            TemplateTuple tuple => new TemplateTuple([.. tuple.Items.Select(item => EscapeAll(item, run))]),
            TemplateMap map => EscapeValues(map, run),
            _ => value,
        };
    }

    private static TemplateMap EscapeValues(TemplateMap map, TemplateRun run)
    {
        var escaped = new TemplateMap(new PythonEquality(run));
        foreach (var (key, value) in map.Entries)
        {
            escaped.Set(key, EscapeAll(value, run));
        }

        return escaped;
    }
}
