using System.Globalization;
using Hypercompress.Models.Files;
using Hypercompress.Phases;

namespace Hypercompress.Cli.Output;

/// <summary>Progress in one line that fits the terminal.</summary>
internal static class ProgressText
{
    private const int LongestBar = 30;
    private const int ShortestBar = 6;
    private const string Gap = "  ";

    /// <summary>Writes a line: name, bar, figures; the less important is left out where there is no space.</summary>
    /// <param name="name">The work.</param>
    /// <param name="share">How much of it is done, 0 to 1; null when unknown.</param>
    /// <param name="elapsed">Time since it began.</param>
    /// <param name="last">A last figure, such as the memory in use.</param>
    /// <param name="columns">Columns of the line, 1 or more.</param>
    /// <param name="hasBlocks">Whether block characters can be written.</param>
    /// <returns>At most that many characters.</returns>
    public static string Fit(
        string name, double? share, TimeSpan elapsed, string last, int columns, bool hasBlocks)
    {
        string figures = share is { } part ? Figures(part, elapsed) : Units.Duration(elapsed);
        string whole = name + Gap + figures + Gap + last;
        int bar = Math.Min(LongestBar, columns - whole.Length - Gap.Length);
        if (share is { } done && bar >= ShortestBar)
        {
            return name + Gap + Bar(done, bar, hasBlocks) + Gap + figures + Gap + last;
        }

        string shorter = whole.Length <= columns ? whole : name + Gap + figures;
        int space = columns - Gap.Length - figures.Length;
        return shorter.Length <= columns ? shorter
            : space > 0 ? name[..Math.Min(name.Length, space)] + Gap + figures
            : figures[..Math.Min(figures.Length, columns)];
    }

    /// <summary>The time that work still takes, if it goes on as before.</summary>
    /// <param name="share">How much is done, above 0.</param>
    /// <param name="elapsed">Time since it began.</param>
    /// <returns>The time, at most 999 hours.</returns>
    public static TimeSpan Left(double share, TimeSpan elapsed) =>
        TimeSpan.FromSeconds(Math.Clamp(elapsed.TotalSeconds * ((1 / share) - 1), 0, 999 * 3600));

    /// <summary>What a run is expected to take, in one sentence.</summary>
    /// <param name="forecast">What is expected.</param>
    /// <returns>The sentence, without a full stop.</returns>
    public static string Of(RunForecast forecast)
    {
        string training = forecast.TrainingSeconds > 0
            ? $"; if the plan needs training, {Time(forecast.SecondsOf(trained: true))} and "
                + SizeText.Of(forecast.TrainingPeakBytes)
            : string.Empty;
        return $"this takes about {Time(forecast.Seconds)} and {SizeText.Of(forecast.PeakBytes)} of memory{training}; "
            + $"{SizeText.Of(forecast.DiskBytes)} of disk";
    }

    /// <summary>A time in the unit that suits it.</summary>
    /// <param name="seconds">The time.</param>
    public static string Time(double seconds) => seconds < 90
        ? string.Create(CultureInfo.InvariantCulture, $"{seconds:F0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:F0} min");

    private static string Figures(double share, TimeSpan elapsed)
    {
        string percent = string.Create(CultureInfo.InvariantCulture, $"{100 * Math.Clamp(share, 0, 1),3:F0} %");
        return share > 0 ? $"{percent}{Gap}{Units.Duration(Left(share, elapsed))} left" : percent;
    }

    private static string Bar(double share, int length, bool hasBlocks)
    {
        int full = (int)(Math.Clamp(share, 0, 1) * length);
        (char done, char open) = hasBlocks ? ('█', '░') : ('#', '.');
        return new string(done, full) + new string(open, length - full);
    }
}
