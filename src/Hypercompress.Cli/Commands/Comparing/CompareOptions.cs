using System.CommandLine;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Parsing;
using Hypercompress.Evaluation;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Commands.Comparing;

/// <summary>The options of <c>compare</c>.</summary>
internal sealed class CompareOptions
{
    private static readonly EvaluationOptions Defaults = new();

    private readonly Option<string> _convention = new("--convention")
    {
        Description = "paper: consecutive windows, each scored alone; sliding: overlapping windows",
        DefaultValueFactory = _ => Defaults.Convention,
    };

    private readonly Option<int> _window = new("--window")
    {
        Description = "Tokens in a window",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.Window,
    };

    private readonly Option<int> _maxTokens = new("--max-tokens")
    {
        Description = "Score only the first N tokens of each text",
        HelpName = "N",
        DefaultValueFactory = _ => Defaults.MaxTokens!.Value,
    };

    /// <summary>Prepares the options.</summary>
    public CompareOptions() => Choice.Among(_convention, EvaluationOptions.Paper, EvaluationOptions.Sliding);

    /// <summary>The models.</summary>
    public Argument<string[]> Models { get; } = new("MODEL")
    {
        Description = "Two or more artifacts, folders, .gguf files or Hub ids",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Texts that all models are scored on.</summary>
    public Option<string[]> Text { get; } = new("--text")
    {
        Description = "Score all models on these texts instead of taking the results in their reports",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The model that the others are measured against.</summary>
    public Option<string?> Teacher { get; } = new("--teacher")
    {
        Description = "With --text: also measure how far the predictions are from those of this model",
        HelpName = "MODEL",
    };

    /// <summary>Where a page is written.</summary>
    public Option<string?> Html { get; } = HtmlOption.Create("Write the comparison as a page in one HTML file");

    /// <summary>CPU threads.</summary>
    public Option<int?> Threads { get; } = ThreadsOption.Create();

    /// <summary>Whether one JSON document is printed.</summary>
    public Option<bool> Json { get; } = JsonOption.Create();

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Models);
        foreach (Option option in (Option[])[Text, Teacher, _convention, _window, _maxTokens, Html, Threads, Json])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads how texts are scored.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>The options of the evaluation.</returns>
    /// <exception cref="ConfigurationException">A value is out of range.</exception>
    public EvaluationOptions Read(ParseResult parsed)
    {
        var read = new EvaluationOptions
        {
            Convention = parsed.GetValue(_convention)!,
            Window = parsed.GetValue(_window),
            MaxTokens = parsed.GetValue(_maxTokens),
        };
        EvaluationRules.Require(read);
        Companion.Require(
            parsed, Text.Name, parsed.GetValue(Text) is { Length: > 0 }, _convention, _window, _maxTokens);
        return read;
    }
}
