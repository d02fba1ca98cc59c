using System.CommandLine;
using Hypercompress.Cli.Options;
using Hypercompress.Models.Generation;

namespace Hypercompress.Cli.Commands;

/// <summary>The options of <c>chat</c>.</summary>
internal sealed class ChatOptions
{
    private readonly SamplingFlags _sampling = new(maxTokens: 512);

    /// <summary>The model.</summary>
    public Argument<string?> Model { get; } = ModelArgument.Optional();

    /// <summary>What the model is told before the first message.</summary>
    public Option<string?> SystemText { get; } = new("--system")
    {
        Description = "What the model is told before the first message",
        HelpName = "TEXT",
    };

    /// <summary>What computes, and how.</summary>
    public EngineFlags Engine { get; } = new();

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        Option[] options = [SystemText, .. _sampling.All, .. Engine.All];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads how tokens are chosen.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>The options of the generator.</returns>
    public SamplingOptions Sampling(ParseResult parsed) => _sampling.Read(parsed);
}
