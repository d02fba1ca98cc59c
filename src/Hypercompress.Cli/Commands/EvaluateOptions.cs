using System.CommandLine;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Commands;

/// <summary>The options of <c>evaluate</c>.</summary>
internal sealed class EvaluateOptions
{
    private const StringSplitOptions Trimmed = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    private readonly Option<string> _convention = new("--convention")
    {
        Description = "paper (consecutive windows, each alone) or sliding",
        DefaultValueFactory = _ => EvaluationOptions.Paper,
    };

    private readonly Option<int> _window = new("--window") { Description = "Tokens of a window", DefaultValueFactory = _ => 2048 };

    private readonly Option<int?> _stride = new("--stride") { Description = "Tokens between sliding windows; half a window by default" };

    private readonly Option<int?> _maxTokens = new("--max-tokens") { Description = "Tokens of each text that are looked at" };

    private readonly Option<string[]> _tasks = new("--tasks")
    {
        Description = "Benchmark tasks and groups, or paths of task files: arc_easy,mmlu_stem,my-task.yaml",
        HelpName = "NAME,NAME",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _dataDir = new("--data-dir")
    {
        Description = "Folder of the tasks' documents: <task>/<split>.jsonl, csv, tsv or parquet",
        HelpName = "DIR",
    };

    private readonly Option<double?> _limit = new("--limit") { Description = "Documents of each task; below 1: a share", HelpName = "N" };

    private readonly Option<int?> _shots = new("--shots")
    {
        Description = "Examples before each question; by default what each task says",
        HelpName = "N",
    };

    private readonly Option<long> _seed = new("--seed")
    {
        Description = "Seed of the draw of examples",
        DefaultValueFactory = _ => new EvaluationOptions().FewshotSeed,
    };

    private readonly Option<int?> _maxLength = new("--max-length")
    {
        Description = "Tokens of a prompt and its answer; by default what the model was made for",
        HelpName = "N",
    };

    private readonly Option<int> _bootstrap = new("--bootstrap-iterations")
    {
        Description = "Resamples behind the standard errors of F1, MCC and perplexity",
        HelpName = "N",
        DefaultValueFactory = _ => new EvaluationOptions().BootstrapIterations,
    };

    /// <summary>Prepares the options.</summary>
    public EvaluateOptions() => _convention.AcceptOnlyFromAmong(EvaluationOptions.Paper, EvaluationOptions.Sliding);

    /// <summary>The model.</summary>
    public Argument<string?> Model { get; } = ModelArgument.Optional();

    /// <summary>The texts.</summary>
    public Option<string[]> Text { get; } = new("--text")
    {
        Description = "Texts to score: .txt, .jsonl, .csv, .parquet (FILE:COLUMN), packed or not; or token ids: .json",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The teacher.</summary>
    public Option<string?> Teacher { get; } = new("--teacher") { Description = "A model to compare with", HelpName = "MODEL" };

    /// <summary>Where the scores are written.</summary>
    public Option<string?> Output { get; } = new("--out", "--output")
    {
        Description = "Folder for results.json, as lm-evaluation-harness writes it",
        HelpName = "DIR",
    };

    /// <summary>Whether every answer is written.</summary>
    public Option<bool> LogSamples { get; } = new("--log-samples")
    {
        Description = "Write every answer: to samples_<task>.jsonl in the folder of --out, without one into the document of --json",
    };

    /// <summary>CPU threads.</summary>
    public Option<int?> Threads { get; } = ThreadsOption.Create();

    /// <summary>Whether one JSON document is printed.</summary>
    public Option<bool> Json { get; } = JsonOption.Create();

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        Option[] options =
        [
            Text, Teacher, _convention, _window, _stride, _maxTokens, _tasks, _dataDir, _limit, _shots, _seed, _maxLength,
            _bootstrap, Output, LogSamples, Threads, Json,
        ];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>What is measured, and how.</summary>
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
            Tasks = [.. (parsed.GetValue(_tasks) ?? []).SelectMany(names => names.Split(',', Trimmed))],
            DataDir = parsed.GetValue(_dataDir),
            Limit = parsed.GetValue(_limit),
            Shots = parsed.GetValue(_shots),
            FewshotSeed = parsed.GetValue(_seed),
            MaxLength = parsed.GetValue(_maxLength),
            BootstrapIterations = parsed.GetValue(_bootstrap),
        };
        List<ValidationResult> faults = [];
        return Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true)
            ? options
            : throw new ConfigurationException(string.Join("; ", faults.Select(Describe)));
    }

    private static string Describe(ValidationResult fault) =>
        $"--{JsonNamingPolicy.KebabCaseLower.ConvertName(fault.MemberNames.Single())}: {fault.ErrorMessage}";
}
