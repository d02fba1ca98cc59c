using System.Numerics;
using System.Text;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Members;

/// <summary>The string methods that look for a part.</summary>
internal static class TextSearch
{
    /// <summary>Python's <c>count</c>.</summary>
    public static object? Count(string text, TemplateArguments call)
    {
        string part = call.RequiredText(0, "sub");
        if (!TryRange(text, call, out int start, out int end))
        {
            return 0L;
        }

        var range = text.AsSpan(start, end - start);
        return part.Length == 0 ? CodePoints.Count(range.ToString()) + 1L : (long)range.Count(part);
    }

    /// <summary>Python's <c>find</c>, <c>index</c> and their sisters from the end.</summary>
    /// <exception cref="TemplateException">The part is required and not there.</exception>
    public static object? Find(string text, TemplateArguments call, bool last, bool required)
    {
        string part = call.RequiredText(0, "sub");
        int at = -1;
        if (TryRange(text, call, out int start, out int end))
        {
            var range = text.AsSpan(start, end - start);
            at = !last ? range.IndexOf(part) : part.Length == 0 ? range.Length : range.LastIndexOf(part);
        }

        return at >= 0 ? (long)CodePoints.Index(text, start + at)
            : required ? throw new TemplateException("the part is not in the text")
            : -1L;
    }

    /// <summary>Python's <c>startswith</c> and <c>endswith</c>; a tuple holds several parts.</summary>
    /// <exception cref="TemplateException">A part is not a text.</exception>
    public static object? Touches(string text, TemplateArguments call, bool atEnd)
    {
        bool inside = TryRange(text, call, out int start, out int end);
        string range = inside ? text[start..end] : "";
        return call.Required(0, atEnd ? "suffix" : "prefix") switch
        {
            TemplateTuple parts => parts.Items.Select(Part).ToList().Any(part => inside && Touches(range, part, atEnd)),
            var part => Part(part) is var single && inside && Touches(range, single, atEnd),
        };
    }

    /// <summary>Python's <c>replace</c>.</summary>
    /// <exception cref="TemplateException">The result is too long.</exception>
    public static object? Replace(string text, TemplateArguments call) => Replace(
        text, call.RequiredText(0, "old"), call.RequiredText(1, "new"), call.Integer(2, "count") ?? -1, call.Run);

    /// <summary>Replaces a part by another text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="old">The part; an empty one is found before every character and at the end.</param>
    /// <param name="fresh">What takes its place.</param>
    /// <param name="most">How often at most; below 0 for always.</param>
    /// <param name="run">The rendering that pays.</param>
    /// <exception cref="TemplateException">The result is too long.</exception>
    public static string Replace(string text, string old, string fresh, long most, TemplateRun run)
    {
        var output = new StringBuilder();
        int at = 0;
        for (long count = 0; most < 0 || count < most; count++)
        {
            int found = old.Length == 0 ? NextPoint(text, at, count) : text.IndexOf(old, at, StringComparison.Ordinal);
            if (found < 0)
            {
                break;
            }

            run.Reserve(found - at + fresh.Length);
            output.Append(text, at, found - at).Append(fresh);
            at = found + old.Length;
        }

        run.Reserve(text.Length - at + output.Length);
        return output.Append(text, at, text.Length - at).ToString();
    }

    /// <summary>Python's <c>translate</c>, with a dict from codes to texts, codes or None.</summary>
    /// <exception cref="TemplateException">The table is not a dict.</exception>
    public static object? Translate(string text, TemplateArguments call)
    {
        if (call.Required(0, "table") is not TemplateMap table)
        {
            throw new TemplateException("translate takes a dict");
        }

        var output = new StringBuilder();
        foreach (int code in CodePoints.Values(text))
        {
            output.Append(table.TryGet((long)code, out var fresh) ? Translated(fresh, call.Run)
                : PythonFormat.Character(code));
        }

        return call.Run.Made(output.ToString());
    }

    private static string Translated(object? fresh, TemplateRun run) => fresh is null ? ""
        : PythonTypes.IsInteger(fresh) ? PythonFormat.Character(PythonTypes.ToBig(fresh))
        : PythonText.Of(fresh, run);

    // An empty part is before the first character, then after each one.
    private static int NextPoint(string text, int at, long count) => count == 0 ? 0
        : at >= text.Length ? -1
        : at + (at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1);

    private static string Part(object? part) => PythonTypes.TextOf(part)
        ?? throw new TemplateException($"a text or a tuple of texts is expected, not {PythonTypes.NameOf(part)}");

    private static bool Touches(string range, string part, bool atEnd) => atEnd
        ? range.EndsWith(part, StringComparison.Ordinal)
        : range.StartsWith(part, StringComparison.Ordinal);

    private static bool TryRange(string text, TemplateArguments call, out int start, out int end)
    {
        int length = CodePoints.Count(text);
        long first = Bound(call.Get(1, "start"), 0, length);
        long last = Math.Min(length, Bound(call.Get(2, "end"), length, length));
        bool inside = first <= length && first <= last;
        start = inside ? CodePoints.Offset(text, (int)first) : 0;
        end = inside ? CodePoints.Offset(text, (int)last) : 0;
        return inside;
    }

    private static long Bound(object? value, long absent, int length)
    {
        if (value is null)
        {
            return absent;
        }

        if (!PythonTypes.IsInteger(value))
        {
            throw new TemplateException($"a bound is a whole number, not a value of type {PythonTypes.NameOf(value)}");
        }

        var number = PythonTypes.ToBig(value);
        number = number.Sign < 0 ? BigInteger.Max(0, number + length) : number;
        return number > int.MaxValue ? int.MaxValue : (long)number;
    }
}
