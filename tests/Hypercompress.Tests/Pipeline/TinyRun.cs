using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Models.Packages;
using Hypercompress.Phases;
using Hypercompress.Pipeline;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning.Outlook;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Pipeline;

/// <summary>A tiny model with its texts in a folder, and runs of the pipeline on it.</summary>
public sealed class TinyRun : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly Lazy<string> _statistics;
    private string? _artifact;

    public TinyRun()
        : this(null)
    {
    }

    /// <summary>A model that differs from the tiny one.</summary>
    internal TinyRun(Func<string, Tensor, Tensor?>? change)
    {
        Model = TinyCheckpoint.Write(_folder.Of("tiny"), change: change);
        CalibrationText = _folder.Write("calibration.txt", TinyCheckpoint.Text(1200, seed: 1));
        ValidationText = _folder.Write("validation.txt", TinyCheckpoint.Text(100, seed: 2));
        _statistics = new Lazy<string>(Calibrate);
    }

    public string Model { get; }

    public string CalibrationText { get; }

    public string ValidationText { get; }

    /// <summary>An artifact of the built-in branches; made once.</summary>
    public string Artifact =>
        _artifact ??= Compress(new BranchRegistry(), "artifact", [], "targets.compression_ratio=4").Folder;

    /// <summary>
    /// What calibration told of the model, for runs of the built-in branches at any target; made once.
    /// </summary>
    public string Statistics => _statistics.Value;

    public string Folder => _folder.Path;

    public string Copy(string source, string name) => _folder.Copy(source, name);

    /// <summary>Runs the pipeline without training unless the settings say otherwise.</summary>
    public PipelineArtifacts Compress(
        BranchRegistry registry, string output, IEnumerable<IPipelineObserver> observers, params string[] settings) =>
        Compress(registry, output, observers, statistics: null, CancellationToken.None, settings);

    /// <summary>Runs the pipeline, which may be stopped, with what calibration told if it is given.</summary>
    public PipelineArtifacts Compress(
        BranchRegistry registry,
        string output,
        IEnumerable<IPipelineObserver> observers,
        string? statistics,
        CancellationToken cancellation,
        params string[] settings)
    {
        using ModelPackage package = ModelPackage.Open(Model);
        var request =
            new PipelineRequest(
                package, _folder.Of(output), Replace: false, PlanFile: null)
            { StatisticsFile = statistics };
        return Pipeline(registry, observers, settings, cancellation).Run(request);
    }

    /// <summary>Plans without carrying it out.</summary>
    public PlanForecast Plan(params string[] settings)
    {
        using ModelPackage package = ModelPackage.Open(Model);
        return Pipeline(new BranchRegistry(), [], settings, CancellationToken.None).Plan(package, planFile: null);
    }

    public void Dispose() => _folder.Dispose();

    private string Calibrate()
    {
        string file = _folder.Of("statistics.json");
        using ModelPackage package = ModelPackage.Open(Model);
        Pipeline(new BranchRegistry(), [], [], CancellationToken.None).Plan(package, planFile: null, file);
        return file;
    }

    private CompressionPipeline Pipeline(
        BranchRegistry registry,
        IEnumerable<IPipelineObserver> observers,
        string[] settings,
        CancellationToken cancellation) =>
        new(Config(registry, settings), registry, new LoggingManager(observers), TimeProvider.System, cancellation);

    private PipelineConfig Config(BranchRegistry registry, string[] settings) =>
        new PipelineConfigReader(registry.Registrations).Parse(
            """
            distillation: {enabled: false, token_budget: 256, sequence_length: 64, batch_size: 2, validation_tokens: 128}
            finetune: {enabled: false, token_budget: 256, sequence_length: 64, batch_size: 2, validation_tokens: 128}
            evaluation: {max_tokens: 128, window: 64}
            data: {calibration_tokens: 1024, fisher_tokens: 128, sequence_length: 64}
            runtime: {threads: 1}
            """,
            "test",
            ConfigOverrides.None.WithTexts("data.calibration", [CalibrationText], "test")
                .WithTexts("data.validation", [ValidationText], "test")
                .Then(ConfigOverrides.Parse(settings)));
}
