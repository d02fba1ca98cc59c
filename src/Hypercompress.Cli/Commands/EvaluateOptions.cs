using System.CommandLine;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Parsing;
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
        Description = "paper: consecutive windows, each scored alone; sliding: overlapping windows",
        DefaultValueFactory = _ => EvaluationOptions.Paper,
    };

    private readonly Option<int> _window = new("--window")
    {
        Description = "Tokens in a window",
        HelpName = "N",
        DefaultValueFactory = _ => 2048,
    };

    private readonly Option<int?> _stride = new("--stride")
    {
        Description = "Tokens from one sliding window to the next [default: half a window]",
        HelpName = "N",
    };

    private readonly Option<int?> _maxTokens = new("--max-tokens")
    {
        Description = "Score only the first N tokens of each text [default: all]",
        HelpName = "N",
    };

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

    private readonly Option<double?> _limit = new("--limit")
    {
        Description = "Documents of each task, or a share of them if below 1 [default: all]",
        HelpName = "N",
    };

    private readonly Option<int?> _shots = new("--shots")
    {
        Description = "Examples before each question [default: the task's own number]",
        HelpName = "N",
    };

    private readonly Option<long> _seed = new("--seed")
    {
        Description = "Seed for the choice of examples",
        HelpName = "N",
        DefaultValueFactory = _ => new EvaluationOptions().FewshotSeed,
    };

    private readonly Option<int?> _maxLength = new("--max-length")
    {
        Description = "Most tokens in a prompt with its answer [default: the model's context length]",
        HelpName = "N",
    };

    private readonly Option<int> _bootstrap = new("--bootstrap-iterations")
    {
        Description = "Resamples for the standard errors of F1, MCC and perplexity",
        HelpName = "N",
        DefaultValueFactory = _ => new EvaluationOptions().BootstrapIterations,
    };

    /// <summary>Prepares the options.</summary>
    public EvaluateOptions() => Choice.Among(_convention, EvaluationOptions.Paper, EvaluationOptions.Sliding);

    /// <summary>The model.</summary>
    public Argument<string?> Model { get; } = ModelArgument.Optional();

    /// <summary>The texts.</summary>
    public Option<string[]> Text { get; } = new("--text")
    {
        Description =
            "Texts whose perplexity is measured: .txt, .jsonl, .csv or .parquet (FILE:COLUMN), also compressed; "
            + "or token ids: .json",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>The teacher.</summary>
    public Option<string?> Teacher { get; } = new("--teacher")
    {
        Description = "A model to compare with, usually the one that was compressed",
        HelpName = "MODEL",
    };

    /// <summary>Where the scores are written.</summary>
    public Option<string?> Output { get; } = new("--out", "--output")
    {
        Description = "Folder for results.json in the format of lm-evaluation-harness",
        HelpName = "DIR",
    };

    /// <summary>Whether every answer is written.</summary>
    public Option<bool> LogSamples { get; } = new("--log-samples")
    {
        Description = "Write every answer to samples_<task>.jsonl in the folder of --out, or to the document of --json",
    };

    /// <summary>What computes the model; the teacher is always computed by libtorch.</summary>
    public Option<string> Engine { get; } = EngineOption.Create(Options.Engine.Float);

    /// <summary>How the integer engine keeps keys and values.</summary>
    public Option<string> Cache { get; } = CacheOption.Create();

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
            Text, Teacher, _convention, _window, _stride, _maxTokens, _tasks, _dataDir, _limit, _shots, _seed,
            _maxLength, _bootstrap, Output, LogSamples, Engine, Cache, Threads, Json,
        ];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Reads what is measured, and how.</summary>
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
        EvaluationRules.Require(options);
        Companion.Require(
            parsed, "--tasks", !options.Tasks.IsEmpty, _dataDir, _limit, _shots, _seed, _maxLength, _bootstrap);
        Companion.Require(
            parsed,
            $"{_convention.Name} {EvaluationOptions.Sliding}",
            options.Convention == EvaluationOptions.Sliding,
            _stride);
        return options;
    }
}
