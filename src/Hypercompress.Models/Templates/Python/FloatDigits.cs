using System.Globalization;
using System.Numerics;

namespace Hypercompress.Models.Templates.Python;

/// <summary>
/// The decimal digits of a float, rounded from its exact value, halves to even, as C and Python do; .NET rounds halves
/// away from zero.
/// </summary>
internal static class FloatDigits
{
    /// <summary>A fixed number of decimals, with a sign.</summary>
    /// <param name="number">A finite number.</param>
    /// <param name="decimals">Digits after the point; below 0 as many digits before the point are left out.</param>
    public static string Fixed(double number, int decimals)
    {
        string digits = Scaled(number, decimals).ToString(CultureInfo.InvariantCulture);
        string sign = double.IsNegative(number) ? "-" : "";
        if (decimals <= 0)
        {
            return sign + digits;
        }

        digits = digits.PadLeft(decimals + 1, '0');
        return $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }

    /// <summary>Digits and exponent, as in <c>d.ddde+xx</c>.</summary>
    /// <param name="number">A finite number.</param>
    /// <param name="decimals">Digits after the first one; at least 0.</param>
    /// <param name="exponent">The power of ten of the first digit.</param>
    /// <returns>The digits without point and sign.</returns>
    public static string Scientific(double number, int decimals, out int exponent)
    {
        exponent = number == 0 ? 0 : (int)Math.Floor(Math.Log10(Math.Abs(number)));

        // The estimate may be one off, and rounding may add a digit.
        while (true)
        {
            string digits = Scaled(number, decimals - exponent).ToString(CultureInfo.InvariantCulture);
            if (number == 0)
            {
                return new string('0', decimals + 1);
            }

            if (digits.Length == decimals + 1)
            {
                return digits;
            }

            exponent += digits.Length > decimals + 1 ? 1 : -1;
        }
    }

    /// <summary>The absolute value times a power of ten, rounded to a whole number.</summary>
    private static BigInteger Scaled(double number, int decimals)
    {
        long bits = BitConverter.DoubleToInt64Bits(number);
        int exponent = (int)((bits >> 52) & 0x7FF);
        long fraction = bits & 0xFFFFFFFFFFFFF;
        BigInteger mantissa = exponent == 0 ? fraction : fraction | (1L << 52);
        int power = (exponent == 0 ? 1 : exponent) - 1075;
        BigInteger above = mantissa * BigInteger.Pow(2, Math.Max(0, power)) * BigInteger.Pow(10, Math.Max(0, decimals));
        BigInteger below = BigInteger.Pow(2, Math.Max(0, -power)) * BigInteger.Pow(10, Math.Max(0, -decimals));
        var quotient = BigInteger.DivRem(above, below, out var rest);
        int half = (rest * 2).CompareTo(below);
        return half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient;
    }
}
