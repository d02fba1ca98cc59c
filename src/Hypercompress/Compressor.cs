using Hypercompress.Configuration;
using Hypercompress.Models.Hub;
using Hypercompress.Models.Packages;
using Hypercompress.Phases;
using Hypercompress.Pipeline;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning.Outlook;
using Hypercompress.Students;

namespace Hypercompress;

/// <summary>
/// Compresses language models from code. A run works on a thread of its own, writes nothing to the console, and may run
/// beside others in the same process as long as each has its own folder; for the same bytes as a run alone, all of them
/// need the same <c>Config.Runtime.Threads</c>.
/// </summary>
public static class Compressor
{
    /// <summary>Compresses a model to a share of its bytes.</summary>
    /// <param name="model">
    /// A Hugging Face folder, a <c>.gguf</c> file, an artifact, or the id of a Hub model that is in the cache.
    /// </param>
    /// <param name="ratio">Bytes of the model's weights / bytes of the result's weights; at least 1.</param>
    /// <param name="output">Folder of the artifact; it appears when everything in it is complete.</param>
    /// <param name="options">Everything else; null for the defaults.</param>
    /// <param name="cancellation">
    /// Stops the run; nothing is left in <paramref name="output"/> then, and the work beside it is gone on with when
    /// the same run is started again.
    /// </param>
    /// <returns>The artifact with all measurements.</returns>
    /// <exception cref="Models.Errors.ConfigurationException">
    /// An option is out of range, the folder contains something else, or another run of this process writes to it.
    /// </exception>
    /// <exception cref="Models.Errors.CheckpointException">The model or a text cannot be read.</exception>
    /// <exception cref="Planning.Offers.BudgetException">The size cannot be reached.</exception>
    /// <exception cref="Models.Errors.NumericalException">The model computes values that are not finite.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public static Task<PipelineArtifacts> CompressAsync(
        string model,
        double ratio,
        string output,
        CompressorOptions? options = null,
        CancellationToken cancellation = default) =>
        CompressAsync(model, output, WithRatio(options, ratio), cancellation);

    /// <summary>Compresses a model to the size that <c>Config.Targets</c> of the options names.</summary>
    /// <param name="model">As for the other overload.</param>
    /// <param name="output">Folder of the artifact; it appears when everything in it is complete.</param>
    /// <param name="options">The size, and everything else.</param>
    /// <param name="cancellation">Stops the run; nothing is left in <paramref name="output"/> then.</param>
    /// <returns>The artifact with all measurements.</returns>
    /// <exception cref="Models.Errors.ConfigurationException">
    /// An option is out of range, the folder contains something else, or another run of this process writes to it.
    /// </exception>
    /// <exception cref="Models.Errors.CheckpointException">The model or a text cannot be read.</exception>
    /// <exception cref="Planning.Offers.BudgetException">The size cannot be reached.</exception>
    /// <exception cref="Models.Errors.NumericalException">The model computes values that are not finite.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public static Task<PipelineArtifacts> CompressAsync(
        string model, string output, CompressorOptions options, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        ArgumentException.ThrowIfNullOrEmpty(output);
        ArgumentNullException.ThrowIfNull(options);
        return OnOwnThread(
            () =>
            {
                using ModelPackage package = Open(model);
                using ModelPackage? student = StudentModel.Of(options.Config.Student) is { } other ? Open(other) : null;
                var request = new PipelineRequest(package, output, options.Replace, options.PlanFile)
                {
                    Student = student,
                    StatisticsFile = options.StatisticsFile,
                };
                return Pipeline(options, cancellation).Run(request);
            },
            cancellation);
    }

    /// <summary>Plans a compression without carrying it out.</summary>
    /// <param name="model">As for <see cref="CompressAsync(string, double, string, CompressorOptions?,
    /// CancellationToken)"/>.</param>
    /// <param name="ratio">Bytes of the model's weights / bytes of the result's weights; at least 1.</param>
    /// <param name="options">Everything else; null for the defaults.</param>
    /// <param name="cancellation">Stops the run.</param>
    /// <returns>The plan with its predicted quality and costs.</returns>
    /// <exception cref="Models.Errors.ConfigurationException">An option is out of range.</exception>
    /// <exception cref="Models.Errors.CheckpointException">The model or a text cannot be read.</exception>
    /// <exception cref="Planning.Offers.BudgetException">The size cannot be reached.</exception>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public static Task<PlanForecast> PlanAsync(
        string model, double ratio, CompressorOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(model);
        CompressorOptions all = WithRatio(options, ratio);
        return OnOwnThread(
            () =>
            {
                using ModelPackage package = Open(model);
                return Pipeline(all, cancellation).Plan(package, all.PlanFile, all.StatisticsFile);
            },
            cancellation);
    }

    private static CompressorOptions WithRatio(CompressorOptions? options, double ratio)
    {
        options ??= new CompressorOptions();
        PipelineConfig config = options.Config;
        return options with
        {
            Config = config with { Targets = config.Targets with { CompressionRatio = ratio, Bytes = null } },
        };
    }

    private static ModelPackage Open(string model) => ModelPackage.Open(
        !Path.Exists(model) && HubModelId.TryParse(model) is { } id
            ? new HubModels(HubSettings.FromEnvironment(Environment.GetEnvironmentVariable)).Find(id)
            : model);

    private static CompressionPipeline Pipeline(CompressorOptions options, CancellationToken cancellation)
    {
        List<IPipelineObserver> observers = [.. options.Observers];
        if (options.Progress is { } progress)
        {
            observers.Add(new ProgressObserver(progress));
        }

        if (options.Logger is { } logger)
        {
            observers.Add(new LoggerObserver(logger));
        }

        return new CompressionPipeline(
            options.Config, options.Registry, new LoggingManager(observers), options.Clock, cancellation);
    }

    // Hours of computing do not belong on a thread of the pool.
    private static Task<T> OnOwnThread<T>(Func<T> work, CancellationToken cancellation) => Task.Factory.StartNew(
        work,
        cancellation,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default);
}
