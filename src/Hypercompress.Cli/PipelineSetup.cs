using System.CommandLine;
using Hypercompress.Branches.Registry;
using Hypercompress.Cli.Commands;
using Hypercompress.Configuration;
using Hypercompress.Phases;
using Hypercompress.Pipeline;
using Hypercompress.Processes;

namespace Hypercompress.Cli;

/// <summary>The pipeline that the command line describes.</summary>
/// <param name="Config">The effective configuration.</param>
/// <param name="IsBuiltIn">Whether the model that is part of the program is used.</param>
internal sealed record PipelineSetup(PipelineConfig Config, bool IsBuiltIn)
{
    private static readonly BranchRegistry Registry = new();

    /// <summary>Reads the options.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="options">The options of the verb.</param>
    /// <returns>The setup.</returns>
    public static PipelineSetup Create(ParseResult parsed, RunOptions options)
    {
        bool isBuiltIn = parsed.GetValue(options.Model) is null;
        PipelineConfig config = options.Configure(
            parsed,
            new PipelineConfigReader(Registry.Registrations),
            overrides => isBuiltIn ? BuiltInModel.WithOwnSettings(overrides) : overrides);
        return new PipelineSetup(config, isBuiltIn);
    }

    /// <summary>The same setup, which carries out a plan even if its predicted quality is below the limit.</summary>
    /// <returns>The setup.</returns>
    public PipelineSetup Forced() =>
        this with { Config = Config with { Planner = Config.Planner with { Force = true } } };

    /// <summary>Creates the pipeline.</summary>
    /// <param name="observers">Are notified of progress.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <param name="processes">The processes that work on it; null for this one alone.</param>
    /// <returns>The pipeline.</returns>
    public CompressionPipeline Pipeline(
        IReadOnlyList<IPipelineObserver> observers,
        CancellationToken cancellation,
        IProcessGroup? processes = null) =>
        new(Config, Registry, new LoggingManager(observers), TimeProvider.System, cancellation, processes);
}
