using System.Globalization;
using Hypercompress.Cli.Output;
using Hypercompress.Phases;

namespace Hypercompress.Cli.Tests.Output;

public sealed class PlainObserverTests
{
    [Theory]
    [InlineData("info", 2)]
    [InlineData("debug", 25)]
    [InlineData("warning", 0)]
    public void Progress_IsWrittenEveryTenSeconds_AlwaysOrNever(string level, int expected)
    {
        string[] lines = Run(level);

        Assert.Equal(expected, lines.Count(line => line.Contains(" % ", StringComparison.Ordinal)
            || line.Contains(" %,", StringComparison.Ordinal)));
        Assert.Contains("  note: something", lines);
        Assert.Equal(level != "warning", lines.Contains("offers …"));
        Assert.Equal(level != "warning", lines.Contains("  offers: 25.0 s, peak memory 1.5 GB"));
    }

    [Fact]
    public void Progress_NamesShareTimeAndDetail_InEveryCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Assert.Matches(@"^  offers: 40 %, 0:15 left \(site 10\), \d+\.\d MB in memory$", Run("info")[1]);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Phase_ThatDoesNothing_HasOneLine()
    {
        using var messages = new StringWriter { NewLine = "\n" };
        var observer = new PlainObserver(messages, new ManualClock(), "info");
        observer.PhaseStarted(Phase.Merge);
        observer.PhaseEnded(new PhaseRecord(Phase.Merge, 0.001, 1_500_000_000));
        observer.PhaseStarted(Phase.Save);
        observer.PhaseEnded(new PhaseRecord(Phase.Save, 0.25, 1_500_000_000));

        Assert.Equal("merge …\nsave …\n  save: 0.2 s, peak memory 1.5 GB\n", messages.ToString());
    }

    [Fact]
    public void Expected_SaysTimeMemoryAndDisk_AndWhatTrainingWouldAdd()
    {
        using var messages = new StringWriter { NewLine = "\n" };
        var observer = new PlainObserver(messages, new ManualClock(), "info");
        var forecast = new RunForecast(85, 2400, 700_000_000, 1_500_000_000, 20_000_000);
        observer.Expected(forecast);
        observer.Expected(forecast with { TrainingSeconds = 0, Seconds = 1200 });

        Assert.Equal(
            "this takes about 85 s and 700.0 MB of memory; if the plan needs training, 41 min and 1.5 GB; 20.0 MB of "
            + "disk\n"
            + "this takes about 20 min and 700.0 MB of memory; 20.0 MB of disk\n",
            messages.ToString());
    }

    private static string[] Run(string level)
    {
        using var messages = new StringWriter { NewLine = "\n" };
        var clock = new ManualClock();
        var observer = new PlainObserver(messages, clock, level);
        observer.PhaseStarted(Phase.Offers);
        for (int second = 1; second <= 25; second++)
        {
            clock.Move(1);
            observer.PhaseAdvanced(Phase.Offers, second, 25, $"site {second}");
        }

        observer.Noted("something");
        observer.PhaseEnded(new PhaseRecord(Phase.Offers, 25, 1_500_000_000));
        return messages.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
