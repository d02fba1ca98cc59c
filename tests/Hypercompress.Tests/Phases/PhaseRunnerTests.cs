using Hypercompress.Phases;
using Hypercompress.Tests.Pipeline;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Phases;

public sealed class PhaseRunnerTests
{
    private readonly RecordingObserver _observer = new();

    [Fact]
    public void Run_TellsStartProgressAndEnd_WithTimeAndMemory()
    {
        PhaseRunner runner = Runner();

        int result = runner.Run("merge", progress =>
        {
            progress.Report(1, 2, "first");
            progress.Note("mind the gap");
            return 7;
        });

        Assert.Equal(7, result);
        Assert.Equal(["start merge", "merge 1/2 first", "note mind the gap", "end merge"], _observer.Events);
        PhaseRecord record = Assert.Single(runner.Records);
        Assert.Equal(("merge", 1.5), (record.Name, record.Seconds));
        Assert.True(record.PeakMemoryBytes > 1_000_000);
    }

    [Fact]
    [NoTensorLeaks]
    public void Run_ReleasesWhatThePhaseLeftBehind()
    {
        Tensor? forgotten = null;

        using Tensor kept = Runner().Run("analysis", _ =>
        {
            forgotten = ones(3);
            return ones(2).MoveToOuterDisposeScope();
        });

        Assert.True(forgotten!.IsInvalid);
        Assert.False(kept.IsInvalid);
    }

    [Fact]
    public void Run_AboveTheCeiling_NamesThePhaseAndTheOption()
    {
        PhaseRunner runner = Runner(ceiling: 1000);

        var failure = Assert.Throws<InsufficientMemoryException>(() => runner.Run("baseline analysis", _ => 0));

        Assert.Contains("baseline analysis", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--max-ram", failure.Message, StringComparison.Ordinal);
        Assert.Single(runner.Records);
    }

    [Fact]
    public void Run_BelowTheCeiling_GoesOn() => Assert.Equal(1, Runner(ceiling: long.MaxValue).Run("load", _ => 1));

    [Fact]
    public void Run_ThatIsStopped_StartsNothing()
    {
        using var source = new CancellationTokenSource();
        var runner = new PhaseRunner(_observer, new SteppingClock(), null, source.Token);
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => runner.Run("load", _ => 1));

        Assert.Empty(_observer.Events);
    }

    [Fact]
    public void Run_ThatIsStoppedInside_EndsAtTheNextReport()
    {
        using var source = new CancellationTokenSource();
        var runner = new PhaseRunner(_observer, new SteppingClock(), null, source.Token);

        Assert.Throws<OperationCanceledException>(() => runner.Run("merge", progress =>
        {
            Assert.Equal(source.Token, progress.Cancellation);
            source.Cancel();
            progress.Report(1, 1, "never told");
            return 1;
        }));

        Assert.Equal(["start merge"], _observer.Events);
        Assert.Empty(runner.Records);
    }

    [Fact]
    [NoTensorLeaks]
    public void Run_ThatFails_ReleasesItsTensors() =>
        Assert.Throws<InvalidDataException>(() => Runner().Run<int>("merge", _ =>
        {
            ones(3);
            throw new InvalidDataException();
        }));

    private PhaseRunner Runner(long? ceiling = null) => new(_observer, new SteppingClock(), ceiling, CancellationToken.None);
}
