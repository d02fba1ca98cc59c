using System.Globalization;
using Hypercompress.Models.Templates.Python;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Numbers in the source of a template.</summary>
internal static class NumberLiteral
{
    // As Python's own limit, against texts that take quadratic time.
    private const int MostDigits = 4300;

    /// <summary>The end of a float that starts here; the start itself where a whole number does.</summary>
    public static int RealEnd(string source, int start)
    {
        int whole = DigitsEnd(source, start);
        int end = whole;
        if (At(source, end) == '.' && DigitsEnd(source, end + 1) is var fraction && fraction > end + 1)
        {
            end = fraction;
        }

        if (At(source, end) is 'e' or 'E')
        {
            int sign = At(source, end + 1) is '+' or '-' ? 1 : 0;
            int exponent = DigitsEnd(source, end + 1 + sign);
            end = exponent > end + 1 + sign ? exponent : end;
        }

        return end == whole ? start : end;
    }

    /// <summary>The end of a whole number that starts here.</summary>
    public static int WholeEnd(string source, int start)
    {
        if (At(source, start) != '0')
        {
            return DigitsEnd(source, start);
        }

        Func<char, bool>? belongs = char.ToLowerInvariant(At(source, start + 1)) switch
        {
            'x' => char.IsAsciiHexDigit,
            'o' => digit => digit is >= '0' and <= '7',
            'b' => digit => digit is '0' or '1',
            _ => null,
        };
        int prefixed = belongs is null ? 0 : End(source, start + 2, belongs, underscoreFirst: true);
        return prefixed > start + 2 ? prefixed : End(source, start, digit => digit == '0', underscoreFirst: false);
    }

    /// <summary>The value of a whole number.</summary>
    /// <exception cref="TemplateException">It has too many digits.</exception>
    public static object Whole(string text, int line)
    {
        string digits = text.Replace("_", "", StringComparison.Ordinal);
        return digits.Length <= MostDigits && WholeDigits.Parse(digits, 0) is { } number
            ? PythonTypes.Normal(number)
            : throw new TemplateException("a number has too many digits", line);
    }

    /// <summary>The value of a float.</summary>
    public static double Real(string text) =>
        double.Parse(text.Replace("_", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);

    private static char At(string source, int place) => place < source.Length ? source[place] : '\0';

    private static int DigitsEnd(string source, int start) =>
        End(source, start, char.IsAsciiDigit, underscoreFirst: false);

    private static int End(string source, int start, Func<char, bool> belongs, bool underscoreFirst)
    {
        int end = start;
        bool first = true;
        while (true)
        {
            int skip = At(source, end) == '_' && (!first || underscoreFirst) ? 1 : 0;
            if (!belongs(At(source, end + skip)))
            {
                return end;
            }

            end += skip + 1;
            first = false;
        }
    }
}
