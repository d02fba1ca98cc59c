using Hypercompress.Configuration;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Calibration;
using Hypercompress.Pipeline.Keeping;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Pipeline.Solving;
using Hypercompress.Planning;
using Hypercompress.Planning.Outlook;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Pipeline;

/// <summary>What a run says it will take.</summary>
public sealed partial class CompressionPipeline
{
    // A text that is scored to its end is about as long as that of WikiText-2.
    private const int WholeTextTokens = 300_000;

    // What a run keeps for its scores where no validation text is given.
    private const double HeldBackShare = 0.1;

    // A token has three characters at least in plain text; tables and packed files may hold any number.
    private static double MostTokens(string text)
    {
        const int BytesOfAToken = 3;
        return text.EndsWith(".txt", StringComparison.Ordinal)
            ? (double)new FileInfo(text).Length / BytesOfAToken
            : double.PositiveInfinity;
    }

    private RunForecast Expect(PipelineRequest request, CalibrationStart start, ModelOutline outline)
    {
        RunMemory memory = _calibrator.MemoryOf(request.Package, start.Student);
        double trained = TrainedTokens(hasMemory: !memory.IsStreamed);
        RunWork work = WorkOf(request, start, outline, trained);
        Device device = DeviceSelection.Of(_config.Runtime.Device);
        double processor = MachineSpeed.Measure(_environment.Clock, CPU);
        double rate = device.type == DeviceType.CPU ? processor : MachineSpeed.Measure(_environment.Clock, device);
        long weights = outline.Sites.Sum(site => site.ElementCount);
        long training = trained > 0 ? RunMemory.TrainingBytesPerWeight * weights : 0;
        return new RunForecast(
            work.Seconds(rate, processor),
            work.TrainingSeconds(rate),
            memory.PeakBytes,
            memory.PeakBytes + training,
            DiskSpace.NeedOf(outline, _config));
    }

    private RunWork WorkOf(PipelineRequest request, CalibrationStart start, ModelOutline outline, double trained)
    {
        DataOptions data = _config.Data;
        bool writes = data.Calibration.IsEmpty;
        double most = writes ? data.CalibrationTokens : data.Calibration.Sum(MostTokens);
        int length = Math.Min(data.SequenceLength, request.Package.ReadDecoderConfig().MaxPositions);
        return new RunWork(
            outline.Sites,
            Math.Min(data.CalibrationTokens, most),
            Math.Min(data.FisherTokens, most),
            ScoredTokens(most),
            trained)
        {
            StudentTokens = start.Student is null ? 0 : _config.Student.PlannedTokens,
            WrittenTokens = writes ? data.CalibrationTokens : 0,
            WritingPasses = writes ? SelfWrittenText.PassesFor(data.CalibrationTokens, length) : 0,
            KnowsStatistics = start.StatisticsFile is { } file && Directory.Exists(BaselineStore.FolderOf(file)),
            KnowsOffers = start.Found is not null,
            Probes = _config.Planner.Probes != PlannerOptions.NoProbes && start.Plan is null,
            SolvesInOrder = _config.Sequential.Enabled != false,
        };
    }

    private double ScoredTokens(double calibrationTokens)
    {
        double cap = _config.Evaluation.MaxTokens ?? WholeTextTokens;
        return _config.Data.Validation.IsEmpty
            ? Math.Min(HeldBackShare * calibrationTokens, cap * Math.Max(1, _config.Data.Calibration.Length))
            : _config.Data.Validation.Sum(text => Math.Min(cap, MostTokens(text)));
    }

    // As it is decided for a plan that costs much.
    private double TrainedTokens(bool hasMemory)
    {
        var choice = TrainingChoice.Of(
            _config.Distillation, _config.Finetune, double.PositiveInfinity, hasMemory, _target);
        return choice.Distillation.PlannedTokens + choice.FineTuning.PlannedTokens;
    }
}
