using Hypercompress.Phases;
using Hypercompress.Tests.Pipeline;

namespace Hypercompress.Tests.Phases;

public sealed class LoggingManagerTests
{
    [Fact]
    public void Calls_ReachEveryObserverInOrder()
    {
        var (first, second) = (new RecordingObserver(), new RecordingObserver());
        var log = new LoggingManager([first, second]);

        log.PhaseStarted(Phase.Load);
        log.PhaseAdvanced(Phase.Load, 1, 4, "a");
        log.Noted("b");
        log.PhaseEnded(new PhaseRecord(Phase.Load, 1, 1));

        Assert.Equal(["start load", "load 1/4 a", "note b", "end load"], first.Events);
        Assert.Equal(first.Events, second.Events);
    }

    [Fact]
    public void Measurements_ReachEveryObserver_AsNumbers()
    {
        var (first, second) = (new RecordingObserver(), new RecordingObserver());
        IPipelineObserver log = new LoggingManager([first, second]);

        log.Measured(Phase.Distillation, MeasuredSeries.TrainingLoss, 3, 0.25);

        Assert.Equal([new(Phase.Distillation, MeasuredSeries.TrainingLoss, 3, 0.25)], first.Measurements);
        Assert.Equal(first.Measurements, second.Measurements);
        Assert.Empty(first.Events);
    }

    [Fact]
    public void Distributions_ReachEveryObserver()
    {
        var (first, second) = (new RecordingObserver(), new RecordingObserver());
        IPipelineObserver log = new LoggingManager([first, second]);

        log.Distributed(Phase.Evaluation, "errors", 1, [2, 3]);

        Assert.Equal(["evaluation errors 1: 2 3"], first.Events);
        Assert.Equal(first.Events, second.Events);
    }

    [Fact]
    public void Notes_AreKeptInOrder_WithoutObservers()
    {
        var log = new LoggingManager([]);

        log.Noted("one");
        log.Noted("two");

        Assert.Equal(["one", "two"], log.Notes);
    }

    [Fact]
    public void Calls_FromManyThreads_ComeOneAtATime()
    {
        var observer = new RecordingObserver();
        var log = new LoggingManager([observer]);

        Parallel.For(0, 200, i =>
        {
            log.PhaseAdvanced(Phase.Branches, i, 200, "site");
            log.Noted($"{i}");
        });

        Assert.False(observer.WasEnteredTwice);
        Assert.Equal(400, observer.Events.Count);
        Assert.Equal(200, log.Notes.Distinct().Count());
    }
}
