using System.CommandLine;
using Hypercompress.Cli.Options;
using Hypercompress.Models.Generation;

namespace Hypercompress.Cli.Commands;

/// <summary>The options of <c>generate</c>.</summary>
internal sealed class GenerateOptions
{
    private readonly SamplingFlags _sampling = new(maxTokens: 128);

    /// <summary>The model.</summary>
    public Argument<string?> Model { get; } = ModelArgument.Optional();

    /// <summary>The text to continue, or the message to answer.</summary>
    public Option<string> Prompt { get; } = new("--prompt")
    {
        Description = "The text to continue",
        HelpName = "TEXT",
        Required = true,
    };

    /// <summary>Whether the prompt is a message.</summary>
    public Option<bool> Chat { get; } = new("--chat")
    {
        Description = "Treat the prompt as a message and apply the model's chat template",
    };

    /// <summary>The model that proposes tokens.</summary>
    public Option<string?> Draft { get; } = new("--draft")
    {
        Description = "A smaller model of the same vocabulary, such as an artifact of MODEL: it proposes tokens and "
            + "MODEL checks several at once; the text is the one that MODEL alone would make",
        HelpName = "MODEL",
    };

    /// <summary>Tokens that it proposes at a time.</summary>
    public Option<int> DraftTokens { get; } = new("--draft-tokens")
    {
        Description = $"Tokens that the draft proposes at a time, 1 to {Models.Generation.Draft.MostProposals}",
        HelpName = "N",
        DefaultValueFactory = _ => 4,
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
        Option[] options =
        [
            Prompt, Chat, .. _sampling.All, Draft, DraftTokens, .. Engine.All, Json,
        ];
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
