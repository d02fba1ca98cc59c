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

        int result = runner.Run(Phase.Merge, progress =>
        {
            progress.Report(1, 2, "first");
            progress.Note("mind the gap");
            return 7;
        });

        Assert.Equal(7, result);
        Assert.Equal(["start merge", "merge 1/2 first", "note mind the gap", "end merge"], _observer.Events);
        PhaseRecord record = Assert.Single(runner.Records);
        Assert.Equal((Phase.Merge, 1.5), (record.Phase, record.Seconds));
        Assert.True(record.PeakMemoryBytes > 1_000_000);
    }

    [Fact]
    public void RecordsSoFar_HasTheRunningPhase_UpToNow()
    {
        PhaseRunner runner = Runner();
        runner.Run(Phase.Merge, _ => 0);

        PhaseRecord[] inside = runner.Run(Phase.Save, _ => runner.RecordsSoFar.ToArray());

        Assert.Equal([Phase.Merge, Phase.Save], inside.Select(record => record.Phase));
        Assert.All(inside, record => Assert.Equal(1.5, record.Seconds));
        Assert.Throws<InvalidOperationException>(
            () => runner.Run<int>(Phase.Load, _ => throw new InvalidOperationException()));
        Assert.Equal([Phase.Merge, Phase.Save], runner.RecordsSoFar.Select(record => record.Phase));
    }

    [Fact]
    public void Measurements_CarryTheirPhase()
    {
        Runner().Run(Phase.FineTuning, progress =>
        {
            progress.Measure(MeasuredSeries.HeldOutPerplexity, 25, 12.5);
            progress.Quietly().Measure(MeasuredSeries.HeldOutPerplexity, 50, 12);
            return 0;
        });

        Assert.Equal([new(Phase.FineTuning, MeasuredSeries.HeldOutPerplexity, 25, 12.5)], _observer.Measurements);
    }

    [Fact]
    public void SecondsOf_AddsThePhasesOfOneKind()
    {
        PhaseRunner runner = Runner();
        runner.Run(Phase.BudgetPlan, _ => 0);
        runner.Run(Phase.BudgetPlan, _ => 0);
        runner.Run(Phase.Save, _ => 0);

        Assert.Equal(3, runner.SecondsOf(Phase.BudgetPlan));
        Assert.Equal(0, runner.SecondsOf(Phase.Offers));
    }

    [Fact]
    [NoTensorLeaks]
    public void Run_ReleasesWhatThePhaseLeftBehind()
    {
        Tensor? forgotten = null;

        using Tensor kept = Runner().Run(Phase.BaselineAnalysis, _ =>
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

        var failure = Assert.Throws<InsufficientMemoryException>(() => runner.Run(Phase.BaselineAnalysis, _ => 0));

        Assert.Contains("baseline analysis", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--max-ram", failure.Message, StringComparison.Ordinal);
        Assert.Single(runner.Records);
    }

    [Fact]
    public void Run_BelowTheCeiling_GoesOn() => Assert.Equal(1, Runner(ceiling: long.MaxValue).Run(Phase.Load, _ => 1));

    [Fact]
    public void Run_ThatIsStopped_StartsNothing()
    {
        using var source = new CancellationTokenSource();
        var runner = Runner(cancellation: source.Token);
        source.Cancel();

        Assert.Throws<OperationCanceledException>(() => runner.Run(Phase.Load, _ => 1));

        Assert.Empty(_observer.Events);
    }

    [Fact]
    public void Run_ThatIsStoppedInside_EndsAtTheNextReport()
    {
        using var source = new CancellationTokenSource();
        var runner = Runner(cancellation: source.Token);

        Assert.Throws<OperationCanceledException>(() => runner.Run(Phase.Merge, progress =>
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
        Assert.Throws<InvalidDataException>(() => Runner().Run<int>(Phase.Merge, _ =>
        {
            ones(3);
            throw new InvalidDataException();
        }));

    private PhaseRunner Runner(long? ceiling = null, CancellationToken cancellation = default) =>
        new(
            new RunEnvironment(new LoggingManager([_observer]), new SteppingClock(), Threads: 1, cancellation),
            ceiling);
}
