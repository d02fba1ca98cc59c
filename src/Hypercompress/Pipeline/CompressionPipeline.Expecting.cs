using System.Collections.Immutable;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Calibration;
using Hypercompress.Pipeline.Keeping;
using Hypercompress.Pipeline.Offers;
using Hypercompress.Pipeline.Runs;
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

    // A token has three characters at least in plain text; tables and packed files may hold any number.
    private static double MostTokens(ImmutableArray<string> texts)
    {
        const int BytesOfAToken = 3;
        bool isPlain = !texts.IsEmpty && texts.All(text => text.EndsWith(".txt", StringComparison.Ordinal));
        return isPlain ? texts.Sum(text => new FileInfo(text).Length) / BytesOfAToken : double.PositiveInfinity;
    }

    private RunForecast Expect(PipelineRequest request, CalibrationStart start, ModelOutline outline)
    {
        RunMemory memory = _calibrator.MemoryOf(request.Package, start.Student);
        double trained = memory.IsStreamed
            ? 0
            : _config.Distillation.PlannedTokens
                + (_config.Distillation.Enabled == false || _config.Finetune.Enabled == true
                    ? _config.Finetune.PlannedTokens
                    : 0);
        double most = MostTokens(_config.Data.Calibration);
        var work = new RunWork(
            outline.Sites,
            Math.Min(_config.Data.CalibrationTokens, most),
            Math.Min(_config.Data.FisherTokens, most),
            (double)_config.Data.Validation.Length * (_config.Evaluation.MaxTokens ?? WholeTextTokens),
            trained)
        {
            StudentTokens = start.Student is null ? 0 : _config.Student.PlannedTokens,
            KnowsStatistics = start.StatisticsFile is { } file && Directory.Exists(BaselineStore.FolderOf(file)),
            KnowsOffers = start.Found is not null,
            Probes = _config.Planner.Probes != PlannerOptions.NoProbes && start.Plan is null,
            SolvesInOrder = _config.Sequential.Enabled != false,
        };
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
}
