using System.Globalization;
using System.Numerics;
using System.Text;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Digits of whole numbers in the bases of Python, and numbers from digits.</summary>
internal static class WholeDigits
{
    // As Python's own limit, against texts that take quadratic time.
    private const int MostDigits = 4300;

    /// <summary>The digits of a number.</summary>
    /// <param name="number">At least 0.</param>
    /// <param name="type">One of Python's letters <c>b o d n x X</c>.</param>
    /// <exception cref="TemplateException">The letter is another one.</exception>
    public static string Of(BigInteger number, char type) => type switch
    {
        'd' or 'n' => number.ToString(CultureInfo.InvariantCulture),
        'x' => Hexadecimal(number).ToLowerInvariant(),
        'X' => Hexadecimal(number),
        'b' => InBits(number, 1),
        'o' => InBits(number, 3),
        _ => throw new TemplateException($"a whole number has no format '{type}'"),
    };

    /// <summary>Python's <c>int(text, base)</c>.</summary>
    /// <param name="text">Digits with sign, underscores and white space as Python allows.</param>
    /// <param name="radix">2 to 36, or 0 for the base that the prefix names.</param>
    /// <returns>The number, or null where the text has none.</returns>
    public static BigInteger? Parse(string text, int radix)
    {
        string digits = TextParts.Strip(text, null);
        bool negative = digits.StartsWith('-');
        digits = negative || digits.StartsWith('+') ? digits[1..] : digits;
        (digits, radix) = WithoutPrefix(digits, radix);
        if (digits.Length is 0 or > MostDigits || digits[^1] == '_' || digits.Contains("__", StringComparison.Ordinal))
        {
            return null;
        }

        BigInteger number = 0;
        foreach (int code in CodePoints.Values(digits).Where(code => code != '_'))
        {
            if (Digit(code) is not { } digit || digit >= radix)
            {
                return null;
            }

            number = (number * radix) + digit;
        }

        return digits[0] == '_' ? null : negative ? -number : number;
    }

    private static (string Digits, int Radix) WithoutPrefix(string digits, int radix)
    {
        string prefix = digits.Length > 2 ? digits[..2].ToLowerInvariant() : "";
        int named = prefix switch { "0x" => 16, "0o" => 8, "0b" => 2, _ => 0 };
        if (named != 0 && (radix == 0 || radix == named))
        {
            string rest = digits[2..];
            return (rest.StartsWith('_') ? rest[1..] : rest, named);
        }

        bool zeros = radix == 0 && digits.StartsWith('0') && digits.Trim('0', '_').Length > 0;
        return zeros ? ("", 10) : (digits, radix == 0 ? 10 : radix);
    }

    private static int? Digit(int code) => code switch
    {
        >= 'a' and <= 'z' => code - 'a' + 10,
        >= 'A' and <= 'Z' => code - 'A' + 10,
        _ when !(code is >= 0xD800 and <= 0xDFFF)
            && CharUnicodeInfo.GetDecimalDigitValue(char.ConvertFromUtf32(code), 0) is >= 0 and var digit => digit,
        _ => null,
    };

    private static string Hexadecimal(BigInteger number)
    {
        string digits = number.ToString("X", CultureInfo.InvariantCulture).TrimStart('0');
        return digits.Length == 0 ? "0" : digits;
    }

    private static string InBits(BigInteger number, int bits)
    {
        var digits = new StringBuilder();
        for (; !number.IsZero; number >>= bits)
        {
            digits.Insert(0, (char)('0' + (int)(number & ((1 << bits) - 1))));
        }

        return digits.Length == 0 ? "0" : digits.ToString();
    }
}
