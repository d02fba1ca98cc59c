using System.Globalization;
using System.Text;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Upper, lower and title case of texts, as Python's string methods write them.</summary>
internal static class TextCases
{
    // Letters whose capitals are several letters, which .NET leaves as they are (Unicode, SpecialCasing.txt).
    private static readonly Dictionary<char, string> LongCapitals = new()
    {
        ['ß'] = "SS",
        ['ŉ'] = "ʼN",
        ['ǰ'] = "J\u030C",
        ['ΐ'] = "Ι\u0308\u0301",
        ['ΰ'] = "Υ\u0308\u0301",
        ['և'] = "ԵՒ",
        ['ẖ'] = "H\u0331",
        ['ẗ'] = "T\u0308",
        ['ẘ'] = "W\u030A",
        ['ẙ'] = "Y\u030A",
        ['ẚ'] = "Aʾ",
        ['ﬀ'] = "FF",
        ['ﬁ'] = "FI",
        ['ﬂ'] = "FL",
        ['ﬃ'] = "FFI",
        ['ﬄ'] = "FFL",
        ['ﬅ'] = "ST",
        ['ﬆ'] = "ST",
        ['ﬓ'] = "ՄՆ",
        ['ﬔ'] = "ՄԵ",
        ['ﬕ'] = "ՄԻ",
        ['ﬖ'] = "ՎՆ",
        ['ﬗ'] = "ՄԽ",
        ['ı'] = "I",
        ['ſ'] = "S",
    };

    /// <summary>Python's <c>upper</c>.</summary>
    public static string Upper(string text)
    {
        string simple = text.ToUpperInvariant();
        if (!text.Any(LongCapitals.ContainsKey))
        {
            return simple;
        }

        var output = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            output.Append(LongCapitals.TryGetValue(text[i], out string? capital) ? capital : simple[i].ToString());
        }

        return output.ToString();
    }

    /// <summary>Python's <c>lower</c>: a sigma at the end of a word gets its own form.</summary>
    public static string Lower(string text)
    {
        string simple = text.ToLowerInvariant();
        if (text.AsSpan().IndexOfAny('Σ', 'İ') < 0)
        {
            return simple;
        }

        var output = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            output.Append(text[i] switch
            {
                'İ' => "i\u0307",
                'Σ' => IsFinal(text, i) ? "ς" : "σ",
                _ => simple[i].ToString(),
            });
        }

        return output.ToString();
    }

    /// <summary>Python's <c>casefold</c>: for comparing without case.</summary>
    public static string Fold(string text) => Lower(text).Replace("ß", "ss", StringComparison.Ordinal)
        .Replace('ς', 'σ').Replace("ﬁ", "fi", StringComparison.Ordinal).Replace("ﬂ", "fl", StringComparison.Ordinal)
        .Replace("ﬀ", "ff", StringComparison.Ordinal).Replace('ſ', 's').Replace('µ', 'μ');

    /// <summary>Python's <c>capitalize</c>: the first letter as a title's, the rest in lower case.</summary>
    public static string Capitalize(string text)
    {
        string first = CodePoints.Split(text).FirstOrDefault("");
        return TitleLetter(first) + LowerAfter(text, first.Length);
    }

    /// <summary>Python's <c>title</c>: a capital wherever a letter does not follow a letter.</summary>
    public static string Title(string text)
    {
        var output = new StringBuilder();
        bool inWord = false;
        int at = 0;
        string lower = Lower(text);
        bool aligned = lower.Length == text.Length;
        foreach (string point in CodePoints.Split(text))
        {
            string small = aligned ? lower.Substring(at, point.Length) : Lower(point);
            output.Append(inWord ? small : TitleLetter(point));
            inWord = TextClasses.IsCased(point);
            at += point.Length;
        }

        return output.ToString();
    }

    /// <summary>Python's <c>swapcase</c>.</summary>
    public static string Swap(string text) => string.Concat(CodePoints.Split(text).Select(point =>
        TextClasses.IsUpper(point) ? Lower(point) : TextClasses.IsLower(point) ? Upper(point) : point));

    private static string LowerAfter(string text, int start) => Lower(text) is var lower && lower.Length == text.Length
        ? lower[start..]
        : Lower(text[start..]);

    private static string TitleLetter(string point)
    {
        string upper = Upper(point);
        bool isTitle = point.Length == 1
            && CharUnicodeInfo.GetUnicodeCategory(point[0]) == UnicodeCategory.TitlecaseLetter;
        return upper.Length > point.Length && LongCapitals.ContainsKey(point[0])
                ? upper[..1] + Lower(upper[1..])
            : isTitle ? point
            : point is "ǆ" or "Ǆ" ? "ǅ"
            : point is "ǉ" or "Ǉ" ? "ǈ"
            : point is "ǌ" or "Ǌ" ? "ǋ"
            : upper;
    }

    private static bool IsFinal(string text, int at)
    {
        int before = at - 1;
        while (before >= 0 && IsIgnored(text[before]))
        {
            before--;
        }

        int after = at + 1;
        while (after < text.Length && IsIgnored(text[after]))
        {
            after++;
        }

        return before >= 0 && char.IsLetter(text[before]) && !(after < text.Length && char.IsLetter(text[after]));
    }

    private static bool IsIgnored(char unit) => unit is '\'' or '.' or ':' or '^' or '`' or '\u00AD' or '\u2019'
        || CharUnicodeInfo.GetUnicodeCategory(unit) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format;
}
