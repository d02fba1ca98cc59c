using System.Collections.Concurrent;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Journal;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;
using Hypercompress.Phases;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning.Outlook;
using Hypercompress.Tests.Pipeline;
using Microsoft.Extensions.Logging;

namespace Hypercompress.Tests.Library;

/// <summary>The library without the command line.</summary>
[Collection<AloneCollection>]
public sealed class CompressorTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private const string Weights = "model.safetensors";

    [Fact]
    public async Task Compress_GivesTheBytesOfTheSameSettingsInYaml()
    {
        string expected = tiny.Compress(new BranchRegistry(), "yaml", [], "targets.compression_ratio=5").Folder;

        PipelineArtifacts made = await Compressor.CompressAsync(
            tiny.Model, 5, Output("code"), Options(), TestContext.Current.CancellationToken);

        Assert.Equal(Output("code"), made.Folder);
        Assert.InRange(made.Report.CompressionRatio, 5, 5.1);
        Assert.Equal(Bytes(expected), Bytes(made.Folder));
    }

    [Fact]
    public async Task Compress_TwiceAtOnce_GivesTheBytesOfRunsAlone()
    {
        CancellationToken stop = TestContext.Current.CancellationToken;
        PipelineArtifacts[] together = await Task.WhenAll(
            Compressor.CompressAsync(tiny.Model, 3, Output("both-3"), Options(), stop),
            Compressor.CompressAsync(tiny.Model, 6, Output("both-6"), Options(), stop));

        PipelineArtifacts three = await Compressor.CompressAsync(tiny.Model, 3, Output("alone-3"), Options(), stop);
        PipelineArtifacts six = await Compressor.CompressAsync(tiny.Model, 6, Output("alone-6"), Options(), stop);
        Assert.Equal(Bytes(three.Folder), Bytes(together[0].Folder));
        Assert.Equal(Bytes(six.Folder), Bytes(together[1].Folder));
    }

    [Fact]
    public async Task Compress_IntoTheFolderOfARunningOne_IsRefused()
    {
        using var begun = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var observer = new RecordingObserver(_ =>
        {
            begun.Set();
            goOn.Wait();
        });
        Task<PipelineArtifacts> first = Compressor.CompressAsync(
            tiny.Model, 4, Output("shared"), Options() with { Observers = [observer] });
        begun.Wait(TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<ConfigurationException>(
            () => Compressor.CompressAsync(tiny.Model, 4, Output("shared") + "/", Options()));
        goOn.Set();

        Assert.Contains("another run of this process writes to", refused.Message, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine((await first).Folder, Weights)));
        string work = Directory.CreateDirectory(WorkFolder.Of(Output("shared"))).FullName;
        using FolderLock free = FolderLock.Take(work);
    }

    [Fact]
    public async Task Compress_Stopped_LeavesNothing()
    {
        using var stop = new CancellationTokenSource();
        var observer = new RecordingObserver(phase =>
        {
            if (phase == Phase.BudgetPlan.Name)
            {
                stop.Cancel();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Compressor.CompressAsync(
            tiny.Model, 4, Output("stopped"), Options() with { Observers = [observer] }, stop.Token));

        Assert.False(Path.Exists(Output("stopped")));
    }

    [Fact]
    public async Task Compress_WithValuesOutOfRange_NamesAllOfThemBeforeAnyWork()
    {
        CompressorOptions options = Options();
        PipelineConfig wrong = options.Config with
        {
            Mode = "hybird",
            Runtime = options.Config.Runtime with { Threads = 0 },
            Branches = BranchSections.Empty.With("moon", new FailingBranchOptions()),
        };
        var observer = new RecordingObserver();

        var refused = await Assert.ThrowsAsync<ConfigurationException>(() => Compressor.CompressAsync(
            tiny.Model, 0.5, Output("wrong"), options with { Config = wrong, Observers = [observer] }));

        Assert.Contains("configuration: targets.compression_ratio must be", refused.Message, StringComparison.Ordinal);
        Assert.Contains("configuration: runtime.threads must be at least 1", refused.Message, StringComparison.Ordinal);
        Assert.Contains("did you mean 'hybrid'?", refused.Message, StringComparison.Ordinal);
        Assert.Contains("branches.moon is no branch", refused.Message, StringComparison.Ordinal);
        Assert.Empty(observer.Events);
    }

    [Fact]
    public async Task Compress_TellsProgressAndLog()
    {
        var progress = new RecordedProgress();
        var logger = new RecordedLogger();

        await Compressor.CompressAsync(
            tiny.Model,
            4,
            Output("told"),
            Options() with { Progress = progress, Logger = logger },
            TestContext.Current.CancellationToken);

        Assert.Equal(Phase.Save, progress.Steps.Last().Phase);
        Assert.All(progress.Steps, step => Assert.True(step.Fraction is null or (>= 0 and <= 1)));
        foreach (IGrouping<Phase, CompressionProgress> phase in progress.Steps.GroupBy(step => step.Phase))
        {
            Assert.Equal((0d, 1d), (phase.First().Fraction!.Value, phase.Last().Fraction!.Value));
        }

        Assert.Contains((LogLevel.Information, "evaluation begins"), logger.Entries);
        Assert.Contains(logger.Entries, entry => entry.Level == LogLevel.Information
            && entry.Text.StartsWith("save took ", StringComparison.Ordinal));
        Assert.Contains(logger.Entries, entry => entry.Level == LogLevel.Debug);
    }

    [Fact]
    public async Task Plan_PredictsWithoutWriting()
    {
        PlanForecast forecast = await Compressor.PlanAsync(
            tiny.Model, 4, Options(), TestContext.Current.CancellationToken);

        Assert.True(forecast.Plan.Bytes > 0);
    }

    private string Output(string name) => Path.Combine(tiny.Folder, name);

    private static byte[] Bytes(string artifact) => File.ReadAllBytes(Path.Combine(artifact, Weights));

    private CompressorOptions Options() => new()
    {
        Config = new PipelineConfig
        {
            Distillation = new() { Enabled = false },
            Finetune = new() { Enabled = false },
            Evaluation = new() { MaxTokens = 128, Window = 64 },
            Data = new()
            {
                Calibration = [tiny.CalibrationText],
                Validation = [tiny.ValidationText],
                CalibrationTokens = 1024,
                FisherTokens = 128,
                SequenceLength = 64,
            },
            Runtime = new() { Threads = 1 },
        },
    };

    private sealed class RecordedProgress : IProgress<CompressionProgress>
    {
        public ConcurrentQueue<CompressionProgress> Steps { get; } = [];

        public void Report(CompressionProgress value) => Steps.Enqueue(value);
    }

    private sealed class RecordedLogger : ILogger
    {
        public ConcurrentQueue<(LogLevel Level, string Text)> Entries { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) => Entries.Enqueue((logLevel, formatter(state, exception)));
    }
}
