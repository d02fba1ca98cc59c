using System.CommandLine;
using Hypercompress.Models.Generation;

namespace Hypercompress.Cli.Commands;

/// <summary>The options of <c>generate</c>.</summary>
internal sealed class GenerateOptions
{
    private readonly Option<int> _maxTokens = new("--max-tokens")
    {
        Description = "Most tokens to generate",
        HelpName = "N",
        DefaultValueFactory = _ => 128,
    };

    private readonly Option<double> _temperature = new("--temperature")
    {
        Description = "Randomness of the choice; 0 always takes the most probable token",
        HelpName = "T",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<int> _topK = new("--top-k")
    {
        Description = "Choose among the K most probable tokens; 0 for all",
        HelpName = "K",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<double> _topP = new("--top-p")
    {
        Description = "Choose among the most probable tokens that together reach probability P",
        HelpName = "P",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Seed of the random choices",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
    };

    private readonly Option<bool> _ignoreEnd = new("--ignore-end")
    {
        Description = "Continue after the end-of-text token",
    };

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

    /// <summary>CPU threads.</summary>
    public Option<int?> Threads { get; } = ThreadsOption.Create();

    /// <summary>What computes.</summary>
    public Option<Engine> Engine { get; } = EngineOption.Create(Commands.Engine.Auto);

    /// <summary>Whether one JSON document is printed.</summary>
    public Option<bool> Json { get; } = JsonOption.Create();

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        Option[] options =
        [
            Prompt, Chat, _maxTokens, _temperature, _topK, _topP, _seed, _ignoreEnd, Engine, Threads, Json,
        ];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads how tokens are chosen.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>The options of the generator.</returns>
    public SamplingOptions Sampling(ParseResult parsed) => new()
    {
        MaxTokens = parsed.GetValue(_maxTokens),
        Temperature = parsed.GetValue(_temperature),
        TopK = parsed.GetValue(_topK),
        TopP = parsed.GetValue(_topP),
        Seed = parsed.GetValue(_seed),
        IgnoreEnd = parsed.GetValue(_ignoreEnd),
    };
}
