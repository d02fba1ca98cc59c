namespace Hypercompress.Models.Templates.Python;

/// <summary>Cuts texts as Python's string methods do.</summary>
internal static class TextParts
{
    /// <summary>Whether Python counts a character as white space.</summary>
    public static bool IsSpace(char unit) => char.IsWhiteSpace(unit) || unit is >= '\x1c' and <= '\x1f';

    /// <summary>Takes characters off both ends, or off one.</summary>
    /// <param name="text">The text.</param>
    /// <param name="points">The code points to take; null for white space.</param>
    /// <param name="left">Whether the start is stripped.</param>
    /// <param name="right">Whether the end is stripped.</param>
    public static string Strip(string text, string? points, bool left = true, bool right = true)
    {
        HashSet<string>? chosen = points is null ? null : [.. CodePoints.Split(points)];
        int start = 0;
        int end = text.Length;
        while (left && Stripped(fromEnd: false) is > 0 and var width)
        {
            start += width;
        }

        while (right && Stripped(fromEnd: true) is > 0 and var width)
        {
            end -= width;
        }

        return text[start..end];

        int Stripped(bool fromEnd)
        {
            int width = start < end ? Width(text, start, end, fromEnd) : 0;
            int at = fromEnd ? end - width : start;
            return width > 0 && (chosen?.Contains(text.Substring(at, width)) ?? IsSpace(text[at])) ? width : 0;
        }
    }

    /// <summary>Splits at white space.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most cuts; below 0 for all.</param>
    public static List<string> SplitWords(string text, long most)
    {
        var words = new List<string>();
        for (int at = Skip(text, 0, spaces: true); at < text.Length;)
        {
            bool last = most >= 0 && words.Count >= most;
            int end = last ? text.Length : Skip(text, at, spaces: false);
            words.Add(text[at..end]);
            at = Skip(text, end, spaces: true);
        }

        return words;
    }

    /// <summary>Splits at white space, with the cuts made from the end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most cuts; below 0 for all.</param>
    public static List<string> SplitWordsFromEnd(string text, long most)
    {
        var words = new List<string>();
        for (int end = SkipBack(text, text.Length, spaces: true); end > 0;)
        {
            bool last = most >= 0 && words.Count >= most;
            int at = last ? 0 : SkipBack(text, end, spaces: false);
            words.Add(text[at..end]);
            end = SkipBack(text, at, spaces: true);
        }

        words.Reverse();
        return words;
    }

    /// <summary>Splits at every place of a separator.</summary>
    /// <param name="text">The text.</param>
    /// <param name="separator">The separator; not empty.</param>
    /// <param name="most">The most cuts; below 0 for all.</param>
    /// <param name="fromEnd">Whether the cuts are made from the end.</param>
    public static List<string> Split(string text, string separator, long most, bool fromEnd)
    {
        if (!fromEnd)
        {
            int limit = most < 0 || most >= int.MaxValue ? int.MaxValue : (int)most + 1;
            return [.. text.Split(separator, limit)];
        }

        var parts = new List<string>();
        int end = text.Length;
        while (most < 0 || parts.Count < most)
        {
            int at = text.AsSpan(0, end).LastIndexOf(separator);
            if (at < 0)
            {
                break;
            }

            parts.Add(text[(at + separator.Length)..end]);
            end = at;
        }

        parts.Add(text[..end]);
        parts.Reverse();
        return parts;
    }

    /// <summary>Splits into lines, at every line break that Unicode knows.</summary>
    /// <param name="text">The text.</param>
    /// <param name="keepEnds">Whether the breaks stay at the ends of the lines.</param>
    public static List<string> Lines(string text, bool keepEnds)
    {
        var lines = new List<string>();
        int start = 0;
        while (start < text.Length)
        {
            int end = start;
            while (end < text.Length && !IsBreak(text[end]))
            {
                end++;
            }

            bool pair = end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n';
            int next = Math.Min(text.Length, end + (pair ? 2 : 1));
            lines.Add(text[start..(keepEnds ? next : end)]);
            start = next;
        }

        return lines;
    }

    private static bool IsBreak(char unit) =>
        unit is '\n' or '\r' or '\v' or '\f' or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029';

    private static int Width(string text, int start, int end, bool fromEnd) => end - start >= 2 && (fromEnd
        ? char.IsSurrogatePair(text[end - 2], text[end - 1])
        : char.IsSurrogatePair(text[start], text[start + 1])) ? 2 : 1;

    private static int Skip(string text, int at, bool spaces)
    {
        while (at < text.Length && IsSpace(text[at]) == spaces)
        {
            at++;
        }

        return at;
    }

    private static int SkipBack(string text, int end, bool spaces)
    {
        while (end > 0 && IsSpace(text[end - 1]) == spaces)
        {
            end--;
        }

        return end;
    }
}
