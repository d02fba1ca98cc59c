using System.CommandLine;
using System.Globalization;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;
using Hypercompress.Planning;

namespace Hypercompress.Cli.Commands;

/// <summary>The options that <c>compress</c>, <c>plan</c> and <c>sweep</c> share.</summary>
internal sealed class RunOptions
{
    private static readonly string[] TargetKeys = ["targets.compression_ratio", "targets.bytes"];

    private readonly Option<double?> _ratio = new("--ratio")
    {
        Description = "How many times smaller: teacher bytes / student bytes (targets.compression_ratio) [default: 4]",
        HelpName = "R",
    };

    private readonly Option<string?> _bytes = new("--bytes")
    {
        Description = "Largest size of the weights, such as 40MB, in place of --ratio (targets.bytes)",
        HelpName = "SIZE",
    };

    private readonly Option<string?> _for = new("--for")
    {
        Description = "What runs the result: this program, llama.cpp, ONNX Runtime, transformers or vLLM; the plan "
            + "uses only formats that it supports and counts the bytes of its file (targets.runtime) [default: self]",
        HelpName = "self|gguf|onnx|hf|vllm",
    };

    private readonly Option<string?> _plan = new("--plan")
    {
        Description = "Use the plan in FILE, written by 'plan --save', instead of making a new one",
        HelpName = "FILE",
    };

    private readonly Option<string?> _statistics = new("--statistics")
    {
        Description = "Save calibration results in FILE and the folder FILE.moments, and reuse them if they exist: "
            + "other targets are then planned in about a second",
        HelpName = "FILE",
    };

    private readonly Option<bool> _uniform = new("--uniform")
    {
        Description = "Treat all layers alike (planner.uniform) [default: false]",
    };

    private readonly Option<string?> _maxCache = new("--max-kv-bytes")
    {
        Description = "Largest key/value cache in bytes per token (planner.max_kv_bytes_per_token) [default: no limit]",
        HelpName = "N",
    };

    private readonly Option<string?> _maxWork = new("--max-multiply-adds")
    {
        Description = "Most multiply-adds per token (planner.max_multiply_adds_per_token) [default: no limit]",
        HelpName = "N",
    };

    private readonly Option<string?> _probes = new("--probes")
    {
        Description = "How much to calibrate predictions by trial compression before planning: off, model or sites "
            + $"(planner.probes) [default: {new PlannerOptions().Probes}]",
        HelpName = "off|model|sites",
    };

    private readonly Option<string?> _effort = new("--effort")
    {
        Description = "How much work: light (less text, no trials, no training), normal or best (effort) "
            + "[default: normal]",
        HelpName = "light|normal|best",
    };

    private readonly Option<string?> _config = new("--config")
    {
        Description = "YAML configuration; 'init' writes one with every key",
        HelpName = "FILE",
    };

    private readonly Option<string[]> _calibration = new("--calibration")
    {
        Description = "Calibration texts: .txt, .jsonl, .csv or .parquet (FILE:COLUMN), also compressed; "
            + "or token ids: .json (data.calibration) [default: the model writes its own, which gives worse results]",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _validation = new("--validation")
    {
        Description = "Held-out texts on which teacher and student are compared (data.validation) [default: the last "
            + "tenth of each calibration text]",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int?> _threads = new("--threads")
    {
        Description = "CPU threads, 1 to 1024 (runtime.threads) [default: one per core]",
        HelpName = "N",
    };

    private readonly Option<string?> _maxRam = new("--max-ram")
    {
        Description = "Memory that the run may use, such as 6GB: it keeps fewer weights in memory, and stops if it "
            + "needs more (runtime.max_ram) [default: what the machine has]",
        HelpName = "SIZE",
    };

    private readonly Option<int?> _seed = new("--seed")
    {
        Description = "Seed of all random choices (runtime.seed) [default: 0]",
        HelpName = "N",
    };

    private readonly Option<string?> _device = new("--device")
    {
        Description = "Where tensors are computed: cpu or cuda (runtime.device) [default: cpu]",
        HelpName = "cpu|cuda",
    };

    private readonly Option<bool> _noTrain = new("--no-train")
    {
        Description = "Skip distillation and fine-tuning, and the training of a --student",
    };

    private readonly Option<string?> _student = new("--student")
    {
        Description = "Compress another model of the same vocabulary in place of MODEL, after it has learned from it; "
            + "or MODEL with a share of its layers and channels: depth=0.5,width=0.75 (student.model) "
            + "[default: MODEL itself]",
        HelpName = "MODEL|SHAPE",
    };

    private readonly Option<bool> _quiet = new("--quiet")
    {
        Description = "Show no progress and no notes, only the result and errors (logging.level: error)",
    };

    private readonly Option<bool> _verbose = new("--verbose")
    {
        Description = "Write every step of progress as a line (logging.level: debug)",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Set any configuration key, such as branches.lra.rank=8; may be repeated",
        HelpName = "KEY=VALUE",
    };

    private readonly Option<bool> _fromDecoded = new("--from-decoded")
    {
        Description = "Compress the decoded weights of an artifact; they also serve as the teacher",
    };

    /// <summary>A model: folder, .gguf file, Hub id, or nothing for the one that ships inside.</summary>
    public Argument<string?> Model { get; } = ModelArgument.Teacher();

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        Option[] options =
        [
            _ratio, _bytes, _for, _plan, _statistics, _uniform, _maxCache, _maxWork, _probes, _effort, _config,
            _calibration,
            _validation, _threads, _maxRam, _seed, _device, _student, _noTrain, _fromDecoded, _quiet,
            _verbose, _set,
        ];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Adds all options but those that name one target.</summary>
    /// <param name="command">The command.</param>
    public void AddWithoutTargetTo(Command command)
    {
        AddTo(command);
        command.Options.Remove(_ratio);
        command.Options.Remove(_bytes);
        command.Options.Remove(_plan);
    }

    /// <summary>Opens the model that was named.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="terminal">Where progress is shown.</param>
    /// <returns>Its files; the caller disposes them.</returns>
    /// <exception cref="HypercompressException">
    /// They cannot be read, or are those of an artifact whose decoded weights were not asked for.
    /// </exception>
    public TeacherFiles OpenTeacher(ParseResult parsed, Terminal terminal) => TeacherFiles.Open(
        parsed.GetValue(Model), ModelAccess.Of(parsed, terminal), parsed.GetValue(_fromDecoded));

    /// <summary>The plan file, when one was given.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>Its path or null.</returns>
    public string? PlanFile(ParseResult parsed) => parsed.GetValue(_plan);

    /// <summary>The file of calibration results, when one was given.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>Its path or null.</returns>
    /// <exception cref="ConfigurationException">It cannot be written.</exception>
    public string? StatisticsFile(ParseResult parsed)
    {
        string? file = parsed.GetValue(_statistics);
        if (!File.Exists(file))
        {
            OutputTarget.CheckFile(_statistics.Name, file);
        }

        return file;
    }

    /// <summary>The effective configuration.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="reader">Reads configurations.</param>
    /// <param name="adjust">Further settings that the command makes; what was typed wins over them.</param>
    /// <returns>The configuration.</returns>
    public PipelineConfig Configure(
        ParseResult parsed, PipelineConfigReader reader, Func<ConfigOverrides, ConfigOverrides> adjust)
    {
        ConfigOverrides overrides = Typed(parsed, adjust(ConfigOverrides.None));
        string? file = parsed.GetValue(_config);
        return file is null ? reader.Parse(string.Empty, "command line", overrides) : reader.Read(file, overrides);
    }

    private ConfigOverrides Typed(ParseResult parsed, ConfigOverrides overrides)
    {
        var set = ConfigOverrides.Parse(parsed.GetValue(_set) ?? []);
        string? target = OnlyTarget(parsed, set);
        if (target is not null && target.Contains("ratio", StringComparison.Ordinal))
        {
            overrides = overrides.With("targets.bytes", "null", target);
        }

        overrides = Scalar(parsed, overrides, _ratio, "targets.compression_ratio");
        overrides = Scalar(parsed, overrides, _bytes, "targets.bytes");
        overrides = Scalar(parsed, overrides, _for, "targets.runtime");
        overrides = Scalar(parsed, overrides, _maxCache, "planner.max_kv_bytes_per_token");
        overrides = Scalar(parsed, overrides, _maxWork, "planner.max_multiply_adds_per_token");
        overrides = Scalar(parsed, overrides, _probes, "planner.probes");
        overrides = Scalar(parsed, overrides, _effort, "effort");
        overrides = Scalar(parsed, overrides, _threads, "runtime.threads");
        overrides = Scalar(parsed, overrides, _maxRam, "runtime.max_ram");
        overrides = Scalar(parsed, overrides, _seed, "runtime.seed");
        overrides = Scalar(parsed, overrides, _device, "runtime.device");
        overrides = Scalar(parsed, overrides, _student, "student.model");
        overrides = Texts(parsed, overrides, _calibration, "data.calibration");
        overrides = Texts(parsed, overrides, _validation, "data.validation");
        if (parsed.GetValue(_uniform))
        {
            overrides = overrides.With("planner.uniform", "true", "--uniform");
        }

        if (parsed.GetValue(_noTrain))
        {
            overrides = overrides.With("distillation.enabled", "false", "--no-train")
                .With("finetune.enabled", "false", "--no-train")
                .With("student.enabled", "false", "--no-train");
        }

        return Level(parsed, overrides).Then(set);
    }

    private ConfigOverrides Level(ParseResult parsed, ConfigOverrides overrides)
    {
        (bool isQuiet, bool isVerbose) = (parsed.GetValue(_quiet), parsed.GetValue(_verbose));
        if (isQuiet && isVerbose)
        {
            throw new ConfigurationException("--quiet and --verbose contradict each other; give one of them");
        }

        return isQuiet ? overrides.With("logging.level", "error", _quiet.Name)
            : isVerbose ? overrides.With("logging.level", "debug", _verbose.Name) : overrides;
    }

    // The option or --set that gives the size of the result; null for none.
    private string? OnlyTarget(ParseResult parsed, ConfigOverrides set)
    {
        string[] given =
        [
            .. new Option[] { _ratio, _bytes, _plan }
                .Where(option => parsed.GetResult(option) is not null)
                .Select(option => option.Name),
            .. TargetKeys.Where(set.Gives).Select(key => $"{_set.Name} {key}"),
        ];
        return given.Length <= 1 ? given.FirstOrDefault()
            : throw new ConfigurationException(
                $"{string.Join(" and ", given)}: each of these sets the size of the result; give one of them");
    }

    private static ConfigOverrides Scalar<T>(
        ParseResult parsed, ConfigOverrides overrides, Option<T> option, string path)
    {
        string? value = Convert.ToString(parsed.GetValue(option), CultureInfo.InvariantCulture);
        return parsed.GetResult(option) is null || value is null
            ? overrides
            : overrides.With(path, value, $"{option.Name} {value}");
    }

    private static ConfigOverrides Texts(
        ParseResult parsed, ConfigOverrides overrides, Option<string[]> option, string path) =>
        parsed.GetValue(option) is { Length: > 0 } files ? overrides.WithTexts(path, files, option.Name) : overrides;
}
