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
    public void Reader_ReadsWhatAnotherWriterWrites()
    {
        using var scratch = new ScratchFolder();
        TorchSharp.Modules.SummaryWriter writer = torch.utils.tensorboard.SummaryWriter(scratch.Of("other"));
        writer.add_scalar("loss", 0.5f, 7);

        string file = Assert.Single(Directory.GetFiles(scratch.Of("other"), "*tfevents*", SearchOption.AllDirectories));
        Assert.Contains(EventFile.Read(file), each => each is { Tag: "loss", Step: 7, Scalar: 0.5f });
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
