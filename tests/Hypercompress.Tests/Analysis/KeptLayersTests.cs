using Hypercompress.Analysis;
using Hypercompress.Analysis.Moments;
using Hypercompress.Journal;
using Hypercompress.Models.Transformer;
using Hypercompress.Sites;
using Hypercompress.TestKit;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Analysis;

/// <summary>Calibration that is stopped between layers and begun again.</summary>
public sealed class KeptLayersTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly EntryFiles _files;
    private readonly List<int> _summed = [];

    public KeptLayersTests() => _files = new EntryFiles(_folder.Path);

    [Fact]
    public void Run_StoppedInTheSecondLayer_GoesOnWithTheFirstAndGivesTheSameBits()
    {
        using DecoderModel teacher = SampleModel.Random(tied: true);
        int[][] windows = SampleModel.RandomWindows(3, 12);
        var settings = new CalibrationSettings();
        using CalibrationStatistics alone = new CalibrationPass(settings).Run(teacher, windows);

        LayerMoments StopInSecond(int layer, IJournalFormat<LayerMoments> format, Func<LayerMoments> work) =>
            layer == 1 ? throw new OperationCanceledException() : Keep(layer, format, work);
        Assert.Throws<OperationCanceledException>(
            () => new CalibrationPass(settings, processes: null, StopInSecond).Run(teacher, windows));
        using CalibrationStatistics resumed = new CalibrationPass(settings, processes: null, Keep).Run(teacher, windows);

        Assert.Equal(Enumerable.Range(0, teacher.Config.Layers), _summed);
        foreach (Site site in alone.Sites)
        {
            using MomentLease expected = alone.BorrowInput(site);
            using MomentLease found = resumed.BorrowInput(site);
            Assert.True(expected.Moment.Moment.equal(found.Moment.Moment).all().item<bool>(), site.Name);
            Assert.True(alone.OutputWeightsOf(site).equal(resumed.OutputWeightsOf(site)).all().item<bool>(), site.Name);
        }
    }

    public void Dispose() => _folder.Dispose();

    private LayerMoments Keep(int layer, IJournalFormat<LayerMoments> format, Func<LayerMoments> work)
    {
        string name = $"layer-{layer}";
        if (!_files.Has(name))
        {
            _summed.Add(layer);
            using LayerMoments made = work();
            var draft = new EntryDraft();
            format.Write(made, draft);
            _files.Write(name, draft);
        }

        using JournalEntry kept = _files.Find(name)!;
        return format.Read(kept);
    }
}
