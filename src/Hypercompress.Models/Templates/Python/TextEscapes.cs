using System.Globalization;
using System.Text;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Texts in quotes, as Python's <c>repr</c> writes them.</summary>
internal static class TextEscapes
{
    /// <summary>The text in quotes: single ones unless only those occur in it.</summary>
    public static string Quote(string text)
    {
        bool single = text.Contains('\'', StringComparison.Ordinal) && !text.Contains('"', StringComparison.Ordinal);
        char quote = single ? '"' : '\'';
        var output = new StringBuilder().Append(quote);
        foreach (int code in CodePoints.Values(text))
        {
            Append(output, code, quote);
        }

        return output.Append(quote).ToString();
    }

    /// <summary>The escape of a code point, the shortest that can hold it.</summary>
    public static string Of(int code) => code switch
    {
        < 0x100 => string.Create(CultureInfo.InvariantCulture, $"\\x{code:x2}"),
        < 0x10000 => string.Create(CultureInfo.InvariantCulture, $"\\u{code:x4}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"\\U{code:x8}"),
    };

    /// <summary>Whether Python prints a code point as it is.</summary>
    public static bool IsPrintable(int code) => code == ' ' || CharUnicodeInfo.GetUnicodeCategory(code) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);

    private static void Append(StringBuilder output, int code, char quote)
    {
        if (code == quote || code == '\\')
        {
            output.Append('\\').Append((char)code);
        }
        else if (code is '\n' or '\r' or '\t')
        {
            output.Append(code == '\n' ? "\\n" : code == '\r' ? "\\r" : "\\t");
        }
        else if (IsPrintable(code))
        {
            output.Append(char.ConvertFromUtf32(code));
        }
        else
        {
            output.Append(Of(code));
        }
    }
}
