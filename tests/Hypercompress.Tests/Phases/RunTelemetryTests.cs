using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Hypercompress.Branches.Registry;
using Hypercompress.Phases;
using Hypercompress.Tests.Phases.Curves;
using Hypercompress.Tests.Pipeline;

namespace Hypercompress.Tests.Phases;

/// <summary>What listeners receive of a run, and the event file that it writes.</summary>
public sealed class RunTelemetryTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    [Fact]
    public void Run_IsHeardByListeners()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RunTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var values = new ConcurrentQueue<(string Name, double Value, string Phase)>();
        using var meters = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == RunTelemetry.Name)
                {
                    own.EnableMeasurementEvents(instrument);
                }
            },
        };
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            values.Enqueue((instrument.Name, value, (string)tags[0].Value!)));
        meters.Start();
        using Activity outer = new Activity("test").Start();

        tiny.Compress(
            new BranchRegistry(),
            "heard",
            [],
            "targets.compression_ratio=4",
            "finetune.enabled=true",
            $"logging.tensorboard={Path.Combine(tiny.Folder, "curves")}");

        Activity[] own = [.. activities.Where(activity => activity.TraceId == outer.TraceId)];
        Activity run = Assert.Single(own, activity => activity.OperationName == "compress");
        Assert.Equal(outer.SpanId, run.ParentSpanId);
        Assert.Equal("tiny", run.GetTagItem("hypercompress.model"));
        Assert.Contains(own, activity => activity.OperationName == "evaluation" && activity.ParentSpanId == run.SpanId);
        Assert.Contains(values, value => value is ("hypercompress.phase.duration", > 0, "save"));
        Assert.Contains(values, value => value is ("hypercompress.perplexity_of_the_student", > 1, "evaluation"));

        List<ReadEvent> events = EventFile.Read(Assert.Single(Directory.GetFiles(Path.Combine(tiny.Folder, "curves"))));
        Assert.Contains(events, each => each.Tag == "budget_plan/planned_bytes" && each.Scalar > 0);
        Assert.Contains(events, each => each.Tag == "fine-tuning/training_loss" && each.Step == 1);
        AssertDistributions(events);
    }

    private static void AssertDistributions(List<ReadEvent> events)
    {
        ReadHistogram[] sites =
        [
            .. events.Where(each => each.Tag?.EndsWith("_of_the_sites", StringComparison.Ordinal) == true)
                .Select(each => each.Histogram!),
        ];
        Assert.Equal(2, sites.Length);

        // At a quarter of 16 bits there is an error, and all of it is less than the matrices.
        Assert.InRange(sites[0].Numbers[0], 0.01, 8);
        Assert.InRange(sites[1].Numbers[1], -6, 0.1);
        ReadEvent tokens = Assert.Single(events, each => each.Tag == "evaluation/log10_divergence_of_the_tokens");
        Assert.True(tokens.Histogram!.Numbers[2] > 50, $"{tokens.Histogram.Numbers[2]} tokens");
        Assert.InRange(tokens.Histogram.Numbers[1], -9, 2);
    }

    [Fact]
    public void Phase_ThatFails_IsMarked()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RunTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        using Activity outer = new Activity("test").Start();
        var environment = new RunEnvironment(
            new LoggingManager([]), TimeProvider.System, Threads: 1, CancellationToken.None);

        Assert.Throws<InvalidOperationException>(() => new PhaseRunner(environment, null).Run<int>(
            Phase.Merge, _ => throw new InvalidOperationException("no")));

        Activity failed = Assert.Single(activities, activity => activity.TraceId == outer.TraceId);
        Assert.Equal((ActivityStatusCode.Error, "no"), (failed.Status, failed.StatusDescription));
    }
}
