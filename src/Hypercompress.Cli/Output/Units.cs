using System.Globalization;

namespace Hypercompress.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Units
{
    /// <summary>Bytes in the largest decimal unit that keeps them above 1.</summary>
    /// <param name="bytes">Any count.</param>
    /// <returns>Such as <c>67.3 MB</c>.</returns>
    public static string Bytes(long bytes) => bytes switch
    {
        >= 1_000_000_000 => Format(bytes / 1e9, "GB"),
        >= 1_000_000 => Format(bytes / 1e6, "MB"),
        >= 1_000 => Format(bytes / 1e3, "kB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
    };

    /// <summary>A time as hours, minutes and seconds.</summary>
    /// <param name="time">Any time from 0.</param>
    /// <returns>Such as <c>0:07</c>, <c>12:30</c> or <c>1:02:03</c>.</returns>
    public static string Duration(TimeSpan time)
    {
        long seconds = (long)Math.Round(time.TotalSeconds);
        return seconds >= 3600
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}:{seconds / 60 % 60:00}:{seconds % 60:00}")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}:{seconds % 60:00}");
    }

    private static string Format(double value, string unit) =>
        string.Create(CultureInfo.InvariantCulture, $"{value:F1} {unit}");
}
