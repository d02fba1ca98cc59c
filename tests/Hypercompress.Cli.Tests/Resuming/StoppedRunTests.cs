namespace Hypercompress.Cli.Tests.Resuming;

/// <summary>Runs that are stopped at safe points and go on.</summary>
public sealed class StoppedRunTests(Workspace workspace) : IClassFixture<Workspace>
{
    private const int MostStops = 100;

    [Theory]
    [InlineData(false, 3)]
    [InlineData(true, 9)]
    public void Compress_StoppedAgainAndAgain_WritesWhatAnUninterruptedRunWrites(bool trains, int step)
    {
        string whole = workspace.Of($"whole-{trains}");
        string stopped = workspace.Of($"stopped-{trains}");
        Run(whole, trains, int.MaxValue).Expect(ExitCode.Done);

        int stops = 0;
        CliResult last = Run(stopped, trains, step);
        for (; last.ExitCode == (int)ExitCode.Stopped && stops < MostStops; stops++)
        {
            // Work that the message names is there, and what is there is named.
            Assert.Equal(
                Directory.Exists($"{stopped}.work"),
                last.Messages.Contains($"kept in {stopped}.work. Go on with", StringComparison.Ordinal));
            last = Run(stopped, trains, step * (stops + 2));
        }

        last.Expect(ExitCode.Done, $"going on with the stopped run in {stopped}.work");
        Assert.True(stops > 5, $"stopped {stops} times only");
        RunKinds.AssertSame(whole, stopped);
        Assert.False(Directory.Exists($"{stopped}.work"));
    }

    [Fact]
    public void Compress_StoppedDuringTraining_GoesOnWithTheNextStep()
    {
        string output = workspace.Of("steps");
        using var source = new CancellationTokenSource();
        using var messages = new CancellingWriter(source, "distillation …");
        CliResult stopped = Workspace.Run(Arguments(output, trains: true), messages, source.Token);
        stopped.Expect(ExitCode.Stopped);
        Assert.Matches(@"  offers: \d+ %", stopped.Messages);
        string work = Path.Combine($"{output}.work", "entries");
        Assert.True(File.Exists(Path.Combine(work, "budget-plan.json")));
        Assert.False(File.Exists(Path.Combine(work, "distillation.json")));

        CliResult done = Workspace.Run(Arguments(output, trains: true)).Expect(ExitCode.Done);

        // What is kept is not done again: no site is offered or solved.
        Assert.DoesNotMatch(@"  offers: \d+ %", done.Messages);
        Assert.DoesNotMatch(@"  baseline analysis: \d+ %", done.Messages);
    }

    private CliResult Run(string output, bool trains, int lines)
    {
        using var source = new CancellationTokenSource();
        using var messages = new StoppingWriter(source, lines);
        return Workspace.Run(Arguments(output, trains), messages, source.Token);
    }

    private string[] Arguments(string output, bool trains) =>
    [
        .. workspace.Arguments("compress", workspace.Model), "--out", output, "--set", "logging.level=debug",
        .. trains ? RunKinds.Trained : RunKinds.AtOnce,
    ];
}
