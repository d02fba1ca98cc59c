using System.CommandLine;
using Hypercompress.Cli.Options;

namespace Hypercompress.Cli.Commands;

/// <summary>The options of <c>bench</c>.</summary>
internal sealed class BenchOptions
{
    /// <summary>The model.</summary>
    public Argument<string?> Model { get; } = ModelArgument.Optional();

    /// <summary>Tokens of the prompt.</summary>
    public Option<int> Prefill { get; } = new("--prefill")
    {
        Description = "Tokens of the prompt, 0 to leave this out",
        HelpName = "N",
        DefaultValueFactory = _ => 512,
    };

    /// <summary>Tokens that are made.</summary>
    public Option<int> Decode { get; } = new("--decode")
    {
        Description = "Tokens that are made one by one, 0 to leave this out",
        HelpName = "N",
        DefaultValueFactory = _ => 128,
    };

    /// <summary>How often.</summary>
    public Option<int> Repetitions { get; } = new("--repetitions")
    {
        Description = "How often each is measured, 1 to 1000",
        HelpName = "N",
        DefaultValueFactory = _ => 5,
    };

    /// <summary>What computes, and how.</summary>
    public EngineFlags Engine { get; } = new();

    /// <summary>Whether one JSON document is printed.</summary>
    public Option<bool> Json { get; } = JsonOption.Create();

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        Option[] options = [Prefill, Decode, Repetitions, .. Engine.All, Json];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }
}
