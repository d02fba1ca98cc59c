using Hypercompress.Cli.Output;
using Hypercompress.Phases;

namespace Hypercompress.Cli.Tests.Output;

public sealed class LiveObserverTests
{
    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(100)]
    public void Phase_HasOneLiveLine_AndLeavesOnePlainLine(int width)
    {
        using var screen = new ScreenText(width);
        var clock = new ManualClock();
        using var observer = new LiveObserver(new LiveLine(screen, () => width), clock);

        observer.PhaseStarted(Phase.StructuralFactorization);
        for (int done = 1; done < 100; done++)
        {
            clock.Move(0.5);
            observer.PhaseAdvanced(Phase.StructuralFactorization, done, 100, "model.layers.3.mlp.gate_proj");
            string live = Assert.Single(screen.Lines);
            Assert.True(live.Length < width, live);
        }

        clock.Move(1);
        Assert.Contains("99 %", screen.Lines[0], StringComparison.Ordinal);
        observer.PhaseEnded(new PhaseRecord(Phase.StructuralFactorization, 50, 1_500_000_000));
        Assert.Equal("structural factorization: 0:50, peak memory 1.5 GB", string.Concat(screen.Lines));
    }

    [Theory]
    [InlineData(0.9, 0)]
    [InlineData(1, 1)]
    public void PhaseThatEnded_LeavesALineIfItWasLong(double seconds, int lines)
    {
        using var screen = new ScreenText(60);
        using var observer = new LiveObserver(new LiveLine(screen, () => 60), new ManualClock());

        observer.PhaseStarted(Phase.Load);
        observer.PhaseEnded(new PhaseRecord(Phase.Load, seconds, 1));

        Assert.Equal(lines, screen.Lines.Count);
    }

    [Fact]
    public void Note_StaysAboveTheLiveLine_ThoughItIsLongerThanTheTerminal()
    {
        using var screen = new ScreenText(60);
        var clock = new ManualClock();
        using var observer = new LiveObserver(new LiveLine(screen, () => 60), clock);
        string note = string.Join(' ', Enumerable.Repeat("word", 20));

        observer.PhaseStarted(Phase.Offers);
        observer.Noted(note);
        clock.Move(1);

        string shown = $"{screen.Lines[0]}{screen.Lines[1]}";
        Assert.Equal($"note: {note}", shown.Replace("  ", " ", StringComparison.Ordinal));
        Assert.StartsWith("offers  0:01", Assert.Single(screen.Lines.Skip(2)), StringComparison.Ordinal);
    }

    [Fact]
    public void PhaseOfUnknownLength_SaysWhatItDoes()
    {
        using var screen = new ScreenText(60);
        var clock = new ManualClock();
        using var observer = new LiveObserver(new LiveLine(screen, () => 60), clock);

        observer.PhaseStarted(Phase.Branches);
        observer.PhaseAdvanced(Phase.Branches, 0, 0, "reading text again");
        clock.Move(2);

        Assert.StartsWith(
            "branches: reading text again  0:02", Assert.Single(screen.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void PhaseWithoutProgress_ShowsThatTimePasses()
    {
        using var screen = new ScreenText(60);
        var clock = new ManualClock();
        using var observer = new LiveObserver(new LiveLine(screen, () => 60), clock);

        observer.PhaseStarted(Phase.Load);
        clock.Move(65);

        Assert.StartsWith("load  1:05  ", Assert.Single(screen.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_TakesTheLiveLineAway_AndStopsTheTimer()
    {
        using var screen = new ScreenText(60);
        var clock = new ManualClock();
        var observer = new LiveObserver(new LiveLine(screen, () => 60), clock);

        observer.PhaseStarted(Phase.Load);
        observer.Dispose();
        clock.Move(1);

        Assert.Empty(screen.Lines);
        Assert.Equal(0, clock.Timers);
    }
}
