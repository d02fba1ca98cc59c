using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Hypercompress.Evaluation;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Commands;

/// <summary>The options of <c>evaluate</c>.</summary>
internal sealed class EvaluateOptions
{
    private readonly Option<string> _convention = new("--convention")
    {
        Description = "paper (consecutive windows, each alone) or sliding",
        DefaultValueFactory = _ => WindowPlan.Paper,
    };

    private readonly Option<int> _window = new("--window") { Description = "Tokens of a window", DefaultValueFactory = _ => 2048 };

    private readonly Option<int?> _stride = new("--stride") { Description = "Tokens between sliding windows; half a window by default" };

    private readonly Option<int?> _maxTokens = new("--max-tokens") { Description = "Tokens of each text that are looked at" };

    /// <summary>Prepares the options.</summary>
    public EvaluateOptions() => _convention.AcceptOnlyFromAmong(WindowPlan.Paper, WindowPlan.Sliding);

    /// <summary>The model.</summary>
    public Argument<string?> Model { get; } = ModelArgument.Optional();

    /// <summary>The texts.</summary>
    public Option<string[]> Text { get; } = new("--text")
    {
        Description = "Texts to score",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The teacher.</summary>
    public Option<string?> Teacher { get; } = new("--teacher") { Description = "A model to compare with", HelpName = "MODEL" };

    /// <summary>CPU threads.</summary>
    public Option<int?> Threads { get; } = ThreadsOption.Create();

    /// <summary>Whether one JSON document is printed.</summary>
    public Option<bool> Json { get; } = JsonOption.Create();

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        foreach (Option option in new Option[] { Text, Teacher, _convention, _window, _stride, _maxTokens, Threads, Json })
        {
            command.Options.Add(option);
        }
    }

    /// <summary>How perplexity is measured.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>The options.</returns>
    /// <exception cref="ConfigurationException">A number is out of range.</exception>
    public EvaluationOptions Read(ParseResult parsed)
    {
        var options = new EvaluationOptions
        {
            Convention = parsed.GetValue(_convention)!,
            Window = parsed.GetValue(_window),
            Stride = parsed.GetValue(_stride),
            MaxTokens = parsed.GetValue(_maxTokens),
        };
        List<ValidationResult> faults = [];
        return Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true)
            ? options
            : throw new ConfigurationException(string.Join("; ", faults.Select(Describe)));
    }

    private static string Describe(ValidationResult fault) =>
        $"--{JsonNamingPolicy.KebabCaseLower.ConvertName(fault.MemberNames.Single())}: {fault.ErrorMessage}";
}
