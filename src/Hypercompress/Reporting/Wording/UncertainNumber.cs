using System.Globalization;

namespace Hypercompress.Reporting.Wording;

/// <summary>Writes a number with its standard error, both with as many decimals as the error justifies.</summary>
internal static class UncertainNumber
{
    private const int MostDecimals = 8;
    private const double Largest = 1e9;

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes both.</summary>
    /// <param name="value">The number.</param>
    /// <param name="error">Its standard error.</param>
    /// <param name="isSigned">Whether a positive number gets its sign.</param>
    /// <returns>Such as <c>19.77 ± 0.21</c>.</returns>
    public static string Text(double value, double error, bool isSigned = false)
    {
        string sign = isSigned && value >= 0 ? "+" : string.Empty;
        if (Math.Abs(value) >= Largest || !double.IsFinite(error))
        {
            return string.Create(Culture, $"{sign}{value:G4} ± {error:G2}");
        }

        // Two digits of the error.
        int decimals = error > 0 ? Math.Clamp(1 - (int)Math.Floor(Math.Log10(error)), 0, MostDecimals) : 4;
        string format = "F" + decimals.ToString(Culture);
        string spread = error > 0 ? error.ToString(format, Culture) : "0";
        return $"{sign}{value.ToString(format, Culture)} ± {spread}";
    }
}
