using System.Globalization;

namespace Hypercompress.Models.Files;

/// <summary>Sizes as people read them.</summary>
public static class SizeText
{
    private static readonly string[] Units = ["kB", "MB", "GB", "TB"];

    /// <summary>Bytes in the largest decimal unit in which they are at least 1, with one decimal.</summary>
    /// <param name="bytes">Any count from 0.</param>
    /// <returns>Such as <c>67.3 MB</c>; whole bytes below 1 kB.</returns>
    public static string Of(double bytes)
    {
        if (bytes < 999.5)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{bytes:0} B");
        }

        // What would be written as 1000.0 of a unit is 1.0 of the next.
        (double value, int unit) = (bytes / 1e3, 0);
        while (value >= 999.95 && unit + 1 < Units.Length)
        {
            (value, unit) = (value / 1e3, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.0} {Units[unit]}");
    }
}
