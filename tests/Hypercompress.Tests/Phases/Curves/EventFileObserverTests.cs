using System.Text;
using Hypercompress.Models.Errors;
using Hypercompress.Phases;
using Hypercompress.Phases.Curves;
using Hypercompress.Tests.Pipeline;
using TorchSharp;

namespace Hypercompress.Tests.Phases.Curves;

public sealed class EventFileObserverTests
{
    [Fact]
    public void Checksum_OfTheTestVector_IsTheOneOfTheStandard() =>
        Assert.Equal(0xe3069283u, RecordFrame.Checksum(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Events_AreWrittenAsTheyCome()
    {
        using var scratch = new ScratchFolder();
        var observer = new EventFileObserver(scratch.Of("curves"), new SteppingClock());
        observer.PhaseStarted(Phase.FineTuning);
        observer.Measured(Phase.FineTuning, MeasuredSeries.TrainingLoss, 1, 2.5);
        observer.Measured(Phase.FineTuning, MeasuredSeries.TrainingLoss, 300, double.NaN);
        observer.Noted("the text is short");
        observer.PhaseEnded(new PhaseRecord(Phase.FineTuning, 12.5, 1000));

        List<ReadEvent> events = EventFile.Read(Assert.Single(Directory.GetFiles(scratch.Of("curves"))));
        Assert.Equal("brain.Event:2", events[0].Version);
        Assert.Equal(("fine-tuning/training_loss", 1, 2.5f), (events[1].Tag, events[1].Step, events[1].Scalar));
        Assert.Equal((300, float.NaN), (events[2].Step, events[2].Scalar));
        Assert.Equal(("notes", "the text is short"), (events[3].Tag, events[3].Text));
        Assert.Equal(("fine-tuning/seconds", 12.5f), (events[4].Tag, events[4].Scalar));
        Assert.Equal(1000f, events[5].Scalar);
        Assert.Equal(events.Select(each => each.Time).Order(), events.Select(each => each.Time));
    }

    [Fact]
    public void Distribution_IsWrittenAsAHistogram()
    {
        using var scratch = new ScratchFolder();
        var observer = new EventFileObserver(scratch.Of("curves"), TimeProvider.System);
        observer.PhaseStarted(Phase.Evaluation);
        observer.Distributed(Phase.Evaluation, MeasuredSeries.TokenDivergences, 2, [0, 0.5, 1, 30, double.NaN]);
        observer.Distributed(Phase.Evaluation, MeasuredSeries.TokenDivergences, 3, [double.NaN]);
        observer.Distributed(Phase.Evaluation, MeasuredSeries.TokenDivergences, 3, []);

        List<ReadEvent> events = EventFile.Read(Assert.Single(Directory.GetFiles(scratch.Of("curves"))));
        Assert.Equal(2, events.Count);
        Assert.Equal(("evaluation/log10_divergence_of_the_tokens", 2), (events[1].Tag, events[1].Step));
        ReadHistogram histogram = events[1].Histogram!;
        Assert.Equal([0, 30, 4, 31.5, 901.25], histogram.Numbers);
        Assert.Equal([.. Enumerable.Range(1, 30).Select(limit => (double)limit)], histogram.Limits);
        Assert.Equal([3, .. new double[28], 1], histogram.Counts);
    }

    [Fact]
    public void Histogram_ReadByTheSchemaOfTensorBoard_IsTheSame()
    {
        Histogram written = Histogram.Of([-2, 0.25, 0.25, 3])!;

        var read = Tensorboard.Event.Parser.ParseFrom(EventMessages.Histogram(1.5, 7, "a/b", written));

        Assert.Equal((1.5, 7), (read.WallTime, read.Step));
        Tensorboard.Summary.Types.Value value = Assert.Single(read.Summary.Value);
        Assert.Equal("a/b", value.Tag);
        Assert.Equal(
            [-2, 3, 4, 1.5, 13.125], [value.Histo.Min, value.Histo.Max, value.Histo.Num, value.Histo.Sum,
            value.Histo.SumSquares]);
        Assert.Equal(written.Limits, value.Histo.BucketLimit);
        Assert.Equal(written.Counts, value.Histo.Bucket);
    }

    [Theory]
    [InlineData(4, 4)]
    [InlineData(1, 1.0000000000000007)]
    [InlineData(-1e300, 1e300)]
    public void Histogram_OfAnyRange_CountsEveryValueOnce(double low, double high)
    {
        Histogram histogram = Histogram.Of([low, high, low])!;

        Assert.Equal(3, histogram.Counts.Sum());
        Assert.Equal(histogram.Limits.Distinct().Order(), histogram.Limits);
        Assert.Equal(high, histogram.Limits[^1]);
    }

    [Fact]
    public void Reader_ReadsWhatAnotherWriterWrites()
    {
        using var scratch = new ScratchFolder();
        TorchSharp.Modules.SummaryWriter writer = torch.utils.tensorboard.SummaryWriter(scratch.Of("other"));
        writer.add_scalar("loss", 0.5f, 7);
        writer.add_histogram("values", torch.tensor(new[] { 1f, 2f, 4f }), 8);

        string file = Assert.Single(Directory.GetFiles(scratch.Of("other"), "*tfevents*", SearchOption.AllDirectories));
        List<ReadEvent> events = EventFile.Read(file);
        Assert.Contains(events, each => each is { Tag: "loss", Step: 7, Scalar: 0.5f });
        ReadHistogram histogram = Assert.Single(events, each => each is { Tag: "values", Step: 8 }).Histogram!;
        Assert.Equal([1, 4, 3, 7, 21], histogram.Numbers);
        Assert.Equal(3, histogram.Counts.Sum());
    }

    [Fact]
    public void Folder_ThatCannotBeMade_IsRefusedAtTheStart()
    {
        using var scratch = new ScratchFolder();
        var observer = new EventFileObserver(Path.Combine(scratch.Write("file", ""), "below"), TimeProvider.System);
        var refused = Assert.Throws<ConfigurationException>(() => observer.PhaseStarted(Phase.Load));
        Assert.StartsWith("logging.tensorboard: no file can be written to ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folder_ThatDisappears_StopsTheCurvesAndNotTheRun()
    {
        using var scratch = new ScratchFolder();
        var observer = new EventFileObserver(scratch.Of("curves"), TimeProvider.System);
        observer.PhaseStarted(Phase.Load);
        Directory.Delete(scratch.Of("curves"), recursive: true);
        observer.Measured(Phase.Load, "series", 0, 1);
        Assert.False(Directory.Exists(scratch.Of("curves")));
    }
}
