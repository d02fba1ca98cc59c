using System.Globalization;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Floats in the formats <c>e</c>, <c>f</c>, <c>g</c> and <c>%</c> of C and Python.</summary>
internal static class RealFormat
{
    private const int DefaultPrecision = 6;

    /// <summary>The text of a number without its sign.</summary>
    /// <param name="number">Not negative; may be infinite or not a number.</param>
    /// <param name="type">One of <c>e E f F g G n %</c>; null for the shortest text that gives it back.</param>
    /// <param name="precision">Digits; null for the format's own.</param>
    /// <param name="alternate">Whether point and trailing zeros are kept.</param>
    /// <exception cref="TemplateException">The letter is another one.</exception>
    public static string Digits(double number, char? type, int? precision, bool alternate)
    {
        if (!double.IsFinite(number))
        {
            string name = double.IsNaN(number) ? "nan" : "inf";
            return type is 'E' or 'F' or 'G' ? name.ToUpperInvariant() : type == '%' ? name + "%" : name;
        }

        int digits = precision ?? DefaultPrecision;
        return type switch
        {
            null => precision is null ? RealNumbers.Text(number) : General(number, digits, alternate, wholePoint: true),
            'f' or 'F' => FloatDigits.Fixed(number, digits) + (alternate && digits == 0 ? "." : ""),
            '%' => FloatDigits.Fixed(number * 100, digits) + (alternate && digits == 0 ? ".%" : "%"),
            'e' => Scientific(number, digits, alternate),
            'E' => Scientific(number, digits, alternate).ToUpperInvariant(),
            'g' or 'n' => General(number, digits, alternate, wholePoint: false),
            'G' => General(number, digits, alternate, wholePoint: false).ToUpperInvariant(),
            _ => throw new TemplateException($"a float has no format '{type}'"),
        };
    }

    private static string Scientific(double number, int decimals, bool alternate)
    {
        string digits = FloatDigits.Scientific(number, decimals, out int exponent);
        string fraction = decimals > 0 ? "." + digits[1..] : alternate ? "." : "";
        return $"{digits[0]}{fraction}{Exponent(exponent)}";
    }

    private static string General(double number, int precision, bool alternate, bool wholePoint)
    {
        int most = Math.Max(precision, 1);
        string digits = FloatDigits.Scientific(number, most - 1, out int exponent);
        bool scientific = exponent < -4 || exponent >= most - (wholePoint && exponent >= 0 ? 1 : 0);
        if (scientific)
        {
            string mantissa = alternate ? digits : digits.TrimEnd('0');
            mantissa = mantissa.Length == 0 ? "0" : mantissa;
            return (mantissa.Length == 1 ? mantissa : $"{mantissa[0]}.{mantissa[1..]}") + Exponent(exponent);
        }

        string text = FloatDigits.Fixed(number, most - 1 - exponent);
        bool point = text.Contains('.', StringComparison.Ordinal);
        text = point && !alternate ? text.TrimEnd('0').TrimEnd('.') : text;
        return wholePoint && !text.Contains('.', StringComparison.Ordinal) ? text + ".0" : text;
    }

    private static string Exponent(int exponent) => string.Create(
        CultureInfo.InvariantCulture, $"e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
}
