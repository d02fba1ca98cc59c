using System.Globalization;

namespace Hypercompress.Cli.Output;

/// <summary>Numbers as people read them.</summary>
internal static class Units
{
    /// <summary>A number of things.</summary>
    /// <param name="count">How many.</param>
    /// <param name="thing">One of them, such as <c>thread</c>.</param>
    /// <returns>Such as <c>1 thread</c> or <c>2 threads</c>.</returns>
    public static string Count(long count, string thing) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {thing}{(count == 1 ? "" : "s")}");

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
}
