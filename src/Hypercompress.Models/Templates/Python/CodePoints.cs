namespace Hypercompress.Models.Templates.Python;

/// <summary>Texts by code points, as Python counts them; .NET's strings are of UTF-16 units.</summary>
internal static class CodePoints
{
    /// <summary>How many code points a text has; half a pair counts as one.</summary>
    public static int Count(string text) => text.Length - Pairs(text);

    /// <summary>Where a code point starts, in UTF-16 units.</summary>
    /// <param name="text">The text.</param>
    /// <param name="index">Its number, from 0 to the count.</param>
    public static int Offset(string text, int index)
    {
        if (!HasPairs(text))
        {
            return index;
        }

        int at = 0;
        for (int i = 0; i < index; i++)
        {
            at += Width(text, at);
        }

        return at;
    }

    /// <summary>The number of the code point at an offset.</summary>
    public static int Index(string text, int offset) => offset - Pairs(text.AsSpan(0, offset));

    /// <summary>The code points from one number to another, the latter not included.</summary>
    public static string Part(string text, int from, int to)
    {
        int start = Offset(text, from);
        return from >= to ? "" : HasPairs(text) ? text[start..Offset(text, to)] : text[from..to];
    }

    /// <summary>Every code point as a text of its own.</summary>
    public static IEnumerable<string> Split(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int width = Width(text, at);
            yield return text.Substring(at, width);
            at += width;
        }
    }

    /// <summary>The numbers of all code points; half a pair gives its own.</summary>
    public static IEnumerable<int> Values(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int width = Width(text, at);
            yield return width == 2 ? char.ConvertToUtf32(text[at], text[at + 1]) : text[at];
            at += width;
        }
    }

    /// <summary>Orders two texts by code point; .NET's ordinal order is by UTF-16 unit.</summary>
    public static int Compare(string left, string right)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        (char a, char b) = (left[common], right[common]);
        return char.IsSurrogate(a) != char.IsSurrogate(b) && (a >= 0xD800 && b >= 0xD800)
            ? (char.IsSurrogate(a) ? 1 : -1)
            : a.CompareTo(b);
    }

    private static bool HasPairs(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;

    private static int Width(string text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;

    private static int Pairs(ReadOnlySpan<char> text)
    {
        int pairs = 0;
        int next;
        while ((next = text.IndexOfAnyInRange('\uD800', '\uDBFF')) >= 0)
        {
            bool pair = next + 1 < text.Length && char.IsLowSurrogate(text[next + 1]);
            pairs += pair ? 1 : 0;
            text = text[(next + (pair ? 2 : 1))..];
        }

        return pairs;
    }
}
