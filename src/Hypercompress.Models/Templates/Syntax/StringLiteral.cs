using System.Buffers;
using System.Globalization;
using System.Text;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Strings in the source of a template, with Python's escapes.</summary>
internal static class StringLiteral
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Reads a string.</summary>
    /// <param name="source">The template.</param>
    /// <param name="start">Where its opening quote is.</param>
    /// <param name="lines">Counts lines, for messages.</param>
    /// <param name="end">The position after its closing quote.</param>
    /// <exception cref="TemplateException">It is not closed, or an escape is malformed.</exception>
    public static string Read(string source, int start, LineCounter lines, out int end)
    {
        char quote = source[start];
        int at = start + 1;
        int escape = source.AsSpan(at).IndexOfAny(quote, '\\');
        var text = new StringBuilder();
        while (escape >= 0 && source[at + escape] == '\\' && at + escape + 1 < source.Length)
        {
            text.Append(source, at, escape);
            at = ReadEscape(source, at + escape + 1, text, lines);
            escape = source.AsSpan(at).IndexOfAny(quote, '\\');
        }

        if (escape < 0 || source[at + escape] != quote)
        {
            throw new TemplateException("a string is not closed", lines.At(start));
        }

        end = at + escape + 1;
        return text.Append(source, at, escape).ToString();
    }

    private static int ReadEscape(string source, int at, StringBuilder text, LineCounter lines)
    {
        char sign = source[at];
        int digits = sign switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0)
        {
            text.Append(Coded(source, at, digits, lines));
            return at + 1 + digits;
        }

        if (sign is >= '0' and <= '7')
        {
            return ReadOctal(source, at, text);
        }

        text.Append(sign switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            '\\' or '\'' or '"' => sign.ToString(),
            '\n' => "",
            'N' => throw new TemplateException("characters by name (\\N) are not supported", lines.At(at)),
            _ => Unknown(source, at),
        });
        return at + (char.IsHighSurrogate(sign) && at + 1 < source.Length ? 2 : 1);
    }

    // Jinja escapes other characters before it looks for escapes, so a backslash before them leaves their codes.
    private static string Unknown(string source, int at)
    {
        int code = CodePoints.Values(source.Substring(at, Math.Min(2, source.Length - at))).First();
        return code < 128 ? "\\" + source[at] : TextEscapes.Of(code);
    }

    private static string Coded(string source, int at, int digits, LineCounter lines)
    {
        // A number that ends in null characters is a number for .NET, so its digits are looked at one by one.
        bool valid = at + digits < source.Length
            && !source.AsSpan(at + 1, digits).ContainsAnyExcept(HexDigits);
        int code = valid
            ? int.Parse(source.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : -1;
        return code is >= 0 and <= 0x10FFFF
            ? PythonFormat.Character(code)
            : throw new TemplateException($"'\\{source[at]}' is not followed by a character code", lines.At(at));
    }

    private static int ReadOctal(string source, int at, StringBuilder text)
    {
        int code = 0;
        int end = at;
        while (end < at + 3 && end < source.Length && source[end] is >= '0' and <= '7')
        {
            code = (code * 8) + (source[end++] - '0');
        }

        text.Append((char)code);
        return end;
    }
}
