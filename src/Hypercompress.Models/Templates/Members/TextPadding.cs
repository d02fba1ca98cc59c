using System.Text;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>The string methods that fill a text up to a width.</summary>
internal static class TextPadding
{
    /// <summary>Python's <c>center</c>.</summary>
    /// <exception cref="TemplateException">The width is too large.</exception>
    public static string Center(string text, TemplateArguments call)
    {
        long width = call.RequiredInteger(0, "width");
        long missing = Missing(text, width, call.Run);

        // Python puts the odd one to the left of a text of odd length in an odd width, otherwise to the right.
        long left = (missing / 2) + (missing & width & 1);
        string fill = Filler(call);
        return call.Run.Made(Repeat(fill, left) + text + Repeat(fill, missing - left));
    }

    /// <summary>Python's <c>ljust</c> and <c>rjust</c>.</summary>
    /// <exception cref="TemplateException">The width is too large.</exception>
    public static string Fill(string text, TemplateArguments call, bool atEnd)
    {
        string fill = Repeat(Filler(call), Missing(text, call.RequiredInteger(0, "width"), call.Run));
        return call.Run.Made(atEnd ? text + fill : fill + text);
    }

    /// <summary>Python's <c>zfill</c>: zeros after the sign.</summary>
    /// <exception cref="TemplateException">The width is too large.</exception>
    public static string Zeros(string text, TemplateArguments call)
    {
        string zeros = Repeat("0", Missing(text, call.RequiredInteger(0, "width"), call.Run));
        int sign = text.StartsWith('+') || text.StartsWith('-') ? 1 : 0;
        return call.Run.Made(text[..sign] + zeros + text[sign..]);
    }

    /// <summary>Python's <c>expandtabs</c>.</summary>
    /// <exception cref="TemplateException">The result is too long.</exception>
    public static string Tabs(string text, TemplateArguments call)
    {
        long size = call.Integer(0, "tabsize") ?? 8;
        var output = new StringBuilder();
        long column = 0;
        foreach (string point in CodePoints.Split(text))
        {
            long spaces = point == "\t" && size > 0 ? size - (column % size) : 0;
            call.Run.Reserve(spaces + 1);
            output.Append(point == "\t" ? Repeat(" ", spaces) : point);
            column = point is "\n" or "\r" ? 0 : column + (point == "\t" ? spaces : 1);
        }

        return output.ToString();
    }

    private static long Missing(string text, long width, TemplateRun run)
    {
        run.Reserve(Math.Max(0, width));
        return Math.Max(0, width - CodePoints.Count(text));
    }

    private static string Filler(TemplateArguments call)
    {
        string fill = call.Text(1, "fillchar") ?? " ";
        return CodePoints.Count(fill) == 1
            ? fill
            : throw new TemplateException("the filling is one character");
    }

    private static string Repeat(string fill, long count) => string.Concat(Enumerable.Repeat(fill, (int)count));
}
