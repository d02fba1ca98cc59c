using System.CommandLine;
using Hypercompress.Cli.Options;
using Hypercompress.Journal;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Commands;

/// <summary>The options of <c>compress</c>.</summary>
internal sealed class CompressOptions
{
    /// <summary>The options that it shares with <c>plan</c> and <c>sweep</c>.</summary>
    public RunOptions Run { get; } = new();

    /// <summary>Folder of the artifact.</summary>
    public Option<string?> Output { get; } = new("--out")
    {
        Description = "Folder of the artifact [default: the first free of MODEL-4x, MODEL-4x-2, …]",
        HelpName = "DIR",
    };

    /// <summary>Whether a run begins anew, and may replace an artifact.</summary>
    public Option<bool> Restart { get; } = new("--restart")
    {
        Description = "Start over: discard the work of a stopped run, and replace the artifact in --out when done",
    };

    /// <summary>Whether there must be a run to go on with.</summary>
    public Option<bool> Resume { get; } = new("--resume")
    {
        Description = "Continue the stopped run of --out, which must exist; a finished one is kept",
    };

    /// <summary>Whether a plan of poor predicted quality is carried out.</summary>
    public Option<bool> Force { get; } = new("--force")
    {
        Description = "Continue even if the predicted quality is below the limit (planner.force)",
    };

    /// <summary>Whether the artifact is dropped once the file for another runtime is made of it.</summary>
    public Option<bool> OnlyExport { get; } = new("--only-export")
    {
        Description = "With --for: keep only the file for that runtime, not the artifact beside it",
    };

    /// <summary>Whether one JSON document is printed.</summary>
    public Option<bool> Json { get; } = JsonOption.Create();

    /// <summary>What is done with the work of a stopped run.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>The choice.</returns>
    /// <exception cref="ConfigurationException">Two choices were made.</exception>
    public RunStart Start(ParseResult parsed) => (parsed.GetValue(Resume), parsed.GetValue(Restart)) switch
    {
        (true, true) => throw new ConfigurationException(
            "--resume goes on with a run and --restart begins anew; give one of them"),
        (true, _) => RunStart.Resume,
        (_, true) => RunStart.Anew,
        _ => RunStart.Continue,
    };

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        Run.AddTo(command);
        Option[] options = [Output, Restart, Resume, Force, OnlyExport, Json];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }
}
