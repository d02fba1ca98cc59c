using System.Net;
using System.Text;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>Takes the tags out of HTML, as markupsafe's <c>striptags</c>.</summary>
internal static class HtmlTags
{
    /// <summary>The text between tags, with white space joined and entities resolved.</summary>
    public static string Strip(string html, TemplateRun run)
    {
        run.Reserve(html.Length);
        string text = Without(Without(html, "<!--", "-->"), "<", ">");
        return run.Made(WebUtility.HtmlDecode(string.Join(' ', TextParts.SplitWords(text, -1))));
    }

    private static string Without(string text, string open, string close)
    {
        var output = new StringBuilder();
        int at = 0;
        while (text.IndexOf(open, at, StringComparison.Ordinal) is >= 0 and var start
            && text.IndexOf(close, start + open.Length, StringComparison.Ordinal) is >= 0 and var end)
        {
            output.Append(text, at, start - at);
            at = end + close.Length;
        }

        return output.Append(text, at, text.Length - at).ToString();
    }
}
