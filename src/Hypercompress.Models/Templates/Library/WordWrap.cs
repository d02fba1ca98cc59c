using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>The filter <c>wordwrap</c>: Python's <c>textwrap.wrap</c> on each line.</summary>
internal static class WordWrap
{
    /// <summary>Breaks long lines between words.</summary>
    /// <exception cref="TemplateException">The width is not positive.</exception>
    public static object? Apply(object? value, TemplateArguments call)
    {
        long width = call.Integer(0, "width") ?? 79;
        bool breaks = PythonTruth.IsTrue(call.Get(1, "break_long_words", true));
        bool hyphens = PythonTruth.IsTrue(call.Get(3, "break_on_hyphens", true));
        string separator = call.Text(2, "wrapstring") ?? "\n";
        string text = PythonTypes.TextOf(value)
            ?? throw new TemplateException($"wordwrap takes a text, not a value of type {PythonTypes.NameOf(value)}");
        if (width <= 0)
        {
            throw new TemplateException("wordwrap takes a width of at least 1");
        }

        call.Run.Reserve((long)text.Length * (1 + separator.Length));
        int bound = (int)Math.Min(width, int.MaxValue);
        return string.Join(separator, TextParts.Lines(text, keepEnds: false)
            .Select(line => string.Join(separator, Wrap(Chunks(line, hyphens), bound, breaks, hyphens))));
    }

    private static Stack<string> Chunks(string line, bool hyphens)
    {
        var chunks = new List<string>();
        int start = 0;
        for (int at = 1; at <= line.Length; at++)
        {
            if (at == line.Length || IsSpace(line[at]) != IsSpace(line[at - 1]) || (hyphens && BreaksAt(line, at)))
            {
                chunks.Add(line[start..at]);
                start = at;
            }
        }

        chunks.Reverse();
        return new Stack<string>(chunks);
    }

    /// <summary>Whether a line may break here: after a hyphen between letters, or beside a dash of hyphens.</summary>
    private static bool BreaksAt(string line, int at)
    {
        bool dash = At(line, at) == '-' && At(line, at + 1) == '-' && At(line, at - 1) != '-';
        bool afterDash = At(line, at - 1) == '-' && At(line, at - 2) == '-' && At(line, at) != '-';
        if (dash || afterDash)
        {
            return IsWord(line, dash ? DashEnd(line, at) : at);
        }

        bool before = char.IsLetter(At(line, at - 2))
            && (char.IsLetter(At(line, at - 3)) || (At(line, at - 3) == '-' && char.IsLetter(At(line, at - 4))));
        bool after = char.IsLetter(At(line, at))
            && (char.IsLetter(At(line, at + 1)) || (At(line, at + 1) == '-' && char.IsLetter(At(line, at + 2))));
        return At(line, at - 1) == '-' && before && after;
    }

    private static int DashEnd(string line, int at)
    {
        while (At(line, at) == '-')
        {
            at++;
        }

        return at;
    }

    private static bool IsWord(string line, int at) => char.IsLetterOrDigit(At(line, at)) || At(line, at) == '_';

    private static char At(string line, int at) => at >= 0 && at < line.Length ? line[at] : '\0';

    // Python's textwrap knows only these.
    private static bool IsSpace(char unit) => unit is ' ' or (>= '\t' and <= '\r');

    private static List<string> Wrap(Stack<string> chunks, int width, bool breaks, bool hyphens)
    {
        var lines = new List<string>();
        while (chunks.Count > 0)
        {
            if (lines.Count > 0 && IsBlank(chunks.Peek()))
            {
                chunks.Pop();
            }

            var line = new List<string>();
            int length = 0;
            while (chunks.Count > 0 && length + CodePoints.Count(chunks.Peek()) <= width)
            {
                length += CodePoints.Count(chunks.Peek());
                line.Add(chunks.Pop());
            }

            if (chunks.Count > 0 && CodePoints.Count(chunks.Peek()) > width)
            {
                TakeLong(chunks, line, width, length, breaks, hyphens);
            }

            if (line.Count > 0 && IsBlank(line[^1]))
            {
                line.RemoveAt(line.Count - 1);
            }

            if (line.Count > 0)
            {
                lines.Add(string.Concat(line));
            }
        }

        return lines;
    }

    private static void TakeLong(
        Stack<string> chunks, List<string> line, int width, int length, bool breaks, bool hyphens)
    {
        int room = width < 1 ? 1 : width - length;
        if (!breaks)
        {
            if (line.Count == 0)
            {
                line.Add(chunks.Pop());
            }

            return;
        }

        string chunk = chunks.Pop();
        int end = room;
        if (hyphens && CodePoints.Count(chunk) > room)
        {
            int hyphen = CodePoints.Part(chunk, 0, room).LastIndexOf('-');
            bool inside = hyphen > 0 && chunk[..hyphen].Any(unit => unit != '-');
            end = inside ? CodePoints.Index(chunk, hyphen) + 1 : end;
        }

        line.Add(CodePoints.Part(chunk, 0, end));
        string rest = chunk[CodePoints.Offset(chunk, end)..];
        if (rest.Length > 0)
        {
            chunks.Push(rest);
        }
    }

    private static bool IsBlank(string chunk) => chunk.All(TextParts.IsSpace);
}
