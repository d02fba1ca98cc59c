using System.Text;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>The filters that lay out words and lines.</summary>
internal static class TextLayout
{
    private const string WordStarts = "-({[<";

    /// <summary>Jinja's <c>title</c>: a capital after white space, hyphens and opening brackets.</summary>
    public static string Title(string text)
    {
        var output = new StringBuilder();
        int at = 0;
        while (at < text.Length)
        {
            int start = at;
            bool between = IsBetween(text[at]);
            while (at < text.Length && IsBetween(text[at]) == between)
            {
                at++;
            }

            string part = text[start..at];
            string first = CodePoints.Split(part).First();
            output.Append(between ? part : TextCases.Upper(first) + TextCases.Lower(part[first.Length..]));
        }

        return output.ToString();
    }

    /// <summary>How many words a text has: stretches of letters, digits and underscores.</summary>
    public static long CountWords(string text)
    {
        long words = 0;
        bool inWord = false;
        foreach (string point in CodePoints.Split(text))
        {
            bool letter = point == "_" || TextClasses.IsAlphanumeric(point);
            words += letter && !inWord ? 1 : 0;
            inWord = letter;
        }

        return words;
    }

    /// <summary>Indents the lines after the first.</summary>
    /// <exception cref="TemplateException">The width is too large.</exception>
    public static object? Indent(object? value, TemplateArguments call)
    {
        string space = call.Get(0, "width", 4L) switch
        {
            string text => text,
            TemplateMarkup markup => markup.Text,
            _ => Spaces(call.Integer(0, "width") ?? 4, call.Run),
        };
        bool blank = PythonTruth.IsTrue(call.Get(2, "blank"));
        string source = PythonTypes.TextOf(value)
            ?? throw new TemplateException($"indent takes a text, not a value of type {PythonTypes.NameOf(value)}");
        var lines = TextParts.Lines(source + "\n", keepEnds: false);
        call.Run.Reserve((long)space.Length * lines.Count);
        string indented = string.Join('\n', lines.Select((line, place) =>
            place > 0 && (blank || line.Length > 0) ? space + line : line));
        string result = call.Run.Made((PythonTruth.IsTrue(call.Get(1, "first")) ? space : "") + indented);
        return value is TemplateMarkup ? new TemplateMarkup(result) : result;
    }

    /// <summary>Cuts a text that is longer than a length, at a word's end.</summary>
    /// <exception cref="TemplateException">The length is shorter than the ending.</exception>
    public static object? Truncate(object? value, TemplateArguments call)
    {
        long length = call.Integer(0, "length") ?? 255;
        string end = call.Text(2, "end") ?? "...";
        long leeway = call.Integer(3, "leeway") ?? 5;
        if (length < CodePoints.Count(end) || leeway < 0)
        {
            throw new TemplateException("truncate takes a length of at least its ending, and a leeway of at least 0");
        }

        string text = PythonTypes.TextOf(value)
            ?? throw new TemplateException($"truncate takes a text, not a value of type {PythonTypes.NameOf(value)}");
        if (CodePoints.Count(text) <= length + leeway)
        {
            return value;
        }

        string cut = CodePoints.Part(text, 0, (int)(length - CodePoints.Count(end)));
        int space = cut.LastIndexOf(' ');
        return call.Run.Made((PythonTruth.IsTrue(call.Get(1, "killwords")) || space < 0 ? cut : cut[..space]) + end);
    }

    private static bool IsBetween(char unit) =>
        TextParts.IsSpace(unit) || WordStarts.Contains(unit, StringComparison.Ordinal);

    private static string Spaces(long width, TemplateRun run)
    {
        run.Reserve(Math.Max(0, width));
        return new string(' ', (int)Math.Max(0, width));
    }
}
