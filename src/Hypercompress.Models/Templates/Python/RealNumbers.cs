using System.Globalization;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Arithmetic of floats, and how Python writes and rounds them.</summary>
internal static class RealNumbers
{
    private const int MostDigits = 400;

    /// <summary>Applies an operator to two floats.</summary>
    /// <exception cref="TemplateException">A division by zero, an overflow or a complex result.</exception>
    public static object Apply(string sign, double left, double right)
    {
        if (right == 0 && sign is ("/" or "//" or "%"))
        {
            throw new TemplateException("division by zero");
        }

        return sign switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "**" => Power(left, right),
            _ => Divide(sign, left, right),
        };
    }

    /// <summary>The shortest text that gives the number back, as Python writes it.</summary>
    public static string Text(double number)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf";
        }

        string digits = Shortest(number, out int exponent);
        string sign = double.IsNegative(number) ? "-" : "";
        if (exponent is < -4 or >= 16)
        {
            string fraction = digits.Length > 1 ? "." + digits[1..] : "";
            return string.Create(CultureInfo.InvariantCulture,
                $"{sign}{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        return sign + Plain(digits, exponent);
    }

    /// <summary>Rounds to a number of decimals, halves to even on the exact value; fewer than 0 round tens.</summary>
    /// <exception cref="TemplateException">The result is too large.</exception>
    public static double Round(double number, long decimals)
    {
        if (!double.IsFinite(number) || decimals > MostDigits)
        {
            return number;
        }

        if (decimals < -MostDigits)
        {
            return 0 * number;
        }

        string text = decimals >= 0
            ? FloatDigits.Fixed(number, (int)decimals)
            : FloatDigits.Fixed(number, (int)decimals) + new string('0', (int)-decimals);
        return double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static string Shortest(double number, out int exponent)
    {
        // "R" gives the shortest digits; their form is .NET's and is taken apart here.
        string text = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), CultureInfo.InvariantCulture);
        string mantissa = mark < 0 ? text : text[..mark];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        string digits = mantissa.Replace(".", "", StringComparison.Ordinal);
        exponent += (point < 0 ? mantissa.Length : point) - 1;
        int zeros = digits.Length - digits.TrimStart('0').Length;
        exponent -= zeros;
        digits = digits[zeros..].TrimEnd('0');
        exponent = digits.Length == 0 ? 0 : exponent;
        return digits.Length == 0 ? "0" : digits;
    }

    private static string Plain(string digits, int exponent)
    {
        if (exponent < 0)
        {
            return "0." + new string('0', -exponent - 1) + digits;
        }

        string whole = digits.PadRight(exponent + 1, '0')[..(exponent + 1)];
        return whole + "." + (digits.Length > exponent + 1 ? digits[(exponent + 1)..] : "0");
    }

    private static double Divide(string sign, double left, double right)
    {
        if (sign == "/")
        {
            return left / right;
        }

        double rest = left % right;
        bool other = rest != 0 && (rest < 0) != (right < 0);
        double modulus = rest == 0 ? Math.CopySign(0, right) : other ? rest + right : rest;
        return sign == "%" ? modulus : Math.Round((left - rest) / right) - (other ? 1 : 0);
    }

    private static double Power(double left, double right)
    {
        if (left == 0 && right < 0)
        {
            throw new TemplateException("zero has no negative power");
        }

        double power = Math.Pow(left, right);
        bool complex = left < 0 && double.IsFinite(left) && double.IsFinite(right) && !double.IsInteger(right);
        return complex ? throw new TemplateException("the power of a negative number is complex")
            : double.IsInfinity(power) && double.IsFinite(left) && double.IsFinite(right)
                ? throw new TemplateException("the power is too large for a float")
            : power;
    }
}
