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
