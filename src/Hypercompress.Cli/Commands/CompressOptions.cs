using System.CommandLine;
using Hypercompress.Cli.Options;

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

    /// <summary>Whether an artifact that is already there is replaced.</summary>
    public Option<bool> Restart { get; } = new("--restart") { Description = "Replace the artifact in --out" };

    /// <summary>Whether the finished artifact of the same run is taken as the result.</summary>
    public Option<bool> Resume { get; } = new("--resume")
    {
        Description = "Keep the artifact in --out if the same run finished it; otherwise start over",
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
