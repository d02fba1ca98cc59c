using System.CommandLine;
using System.Globalization;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Commands;

/// <summary>The options that <c>compress</c>, <c>plan</c> and <c>sweep</c> share; each stands for a key of the configuration.</summary>
internal sealed class RunOptions
{
    private readonly Option<string?> _ratio = new("--ratio")
    {
        Description = "How many times smaller: teacher bytes / student bytes (targets.compression_ratio)",
        HelpName = "R",
    };

    private readonly Option<string?> _bytes = new("--bytes")
    {
        Description = "How many bytes the weights may take, such as 40MB (targets.bytes)",
        HelpName = "SIZE",
    };

    private readonly Option<string?> _plan = new("--plan")
    {
        Description = "Carry out a plan that 'plan --save' wrote, instead of making one",
        HelpName = "FILE",
    };

    private readonly Option<string?> _statistics = new("--statistics")
    {
        Description = "Keep what calibration told in FILE, and take it from there when it is there: other targets then take a moment",
        HelpName = "FILE",
    };

    private readonly Option<bool> _uniform = new("--uniform")
    {
        Description = "Treat all layers alike (planner.uniform)",
    };

    private readonly Option<string?> _maxCache = new("--max-kv-bytes")
    {
        Description = "Bytes of key/value cache that a token may take (planner.max_kv_bytes_per_token)",
        HelpName = "N",
    };

    private readonly Option<string?> _maxWork = new("--max-multiply-adds")
    {
        Description = "Multiply-adds that a token may take (planner.max_multiply_adds_per_token)",
        HelpName = "N",
    };

    private readonly Option<string?> _probes = new("--probes")
    {
        Description = "Damaged models to run before planning: off, model or sites (planner.probes)",
    };

    private readonly Option<string?> _config = new("--config") { Description = "YAML configuration", HelpName = "FILE" };

    private readonly Option<string[]> _calibration = new("--calibration")
    {
        Description = "Texts to calibrate on: .txt, .jsonl, .csv, .parquet (FILE:COLUMN), packed or not; or token ids: .json (data.calibration)",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string[]> _validation = new("--validation")
    {
        Description = "Held-out texts to evaluate on (data.validation)",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<int?> _threads = new("--threads") { Description = "CPU threads (runtime.threads)", HelpName = "N" };

    private readonly Option<string?> _maxRam = new("--max-ram")
    {
        Description = "Memory ceiling, such as 6GB (runtime.max_ram)",
        HelpName = "SIZE",
    };

    private readonly Option<int?> _seed = new("--seed") { Description = "Seed of everything random (runtime.seed)", HelpName = "N" };

    private readonly Option<string?> _device = new("--device") { Description = "cpu or cuda (runtime.device)" };

    private readonly Option<bool> _noTrain = new("--no-train")
    {
        Description = "Neither distil nor fine-tune",
    };

    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Any key of the configuration, such as branches.lra.rank=8",
        HelpName = "KEY=VALUE",
    };

    /// <summary>A model: folder, .gguf file, artifact, or nothing for the one that ships inside.</summary>
    public Argument<string?> Model { get; } = ModelArgument.Optional();

    /// <summary>Adds all options to a command.</summary>
    /// <param name="command">The command.</param>
    public void AddTo(Command command)
    {
        command.Arguments.Add(Model);
        foreach (Option option in new Option[]
                 {
                     _ratio, _bytes, _plan, _statistics, _uniform, _maxCache, _maxWork, _probes, _config, _calibration, _validation,
                     _threads, _maxRam, _seed, _device, _noTrain, _set,
                 })
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

    /// <summary>The plan file, when one was given.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>Its path or null.</returns>
    public string? PlanFile(ParseResult parsed) => parsed.GetValue(_plan);

    /// <summary>The file that keeps what calibration told, when one was given.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <returns>Its path or null.</returns>
    public string? StatisticsFile(ParseResult parsed) => parsed.GetValue(_statistics);

    /// <summary>The effective configuration.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="reader">Reads configurations.</param>
    /// <param name="adjust">Further settings that the command makes, below what was typed.</param>
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
        CheckOneTarget(parsed);
        if (parsed.GetValue(_ratio) is not null)
        {
            overrides = overrides.With("targets.bytes", "null", _ratio.Name);
        }

        overrides = Scalar(parsed, overrides, _ratio, "targets.compression_ratio");
        overrides = Scalar(parsed, overrides, _bytes, "targets.bytes");
        overrides = Scalar(parsed, overrides, _maxCache, "planner.max_kv_bytes_per_token");
        overrides = Scalar(parsed, overrides, _maxWork, "planner.max_multiply_adds_per_token");
        overrides = Scalar(parsed, overrides, _probes, "planner.probes");
        overrides = Scalar(parsed, overrides, _threads, "runtime.threads");
        overrides = Scalar(parsed, overrides, _maxRam, "runtime.max_ram");
        overrides = Scalar(parsed, overrides, _seed, "runtime.seed");
        overrides = Scalar(parsed, overrides, _device, "runtime.device");
        overrides = Texts(parsed, overrides, _calibration, "data.calibration");
        overrides = Texts(parsed, overrides, _validation, "data.validation");
        if (parsed.GetValue(_uniform))
        {
            overrides = overrides.With("planner.uniform", "true", "--uniform");
        }

        if (parsed.GetValue(_noTrain))
        {
            overrides = overrides.With("distillation.enabled", "false", "--no-train")
                .With("finetune.enabled", "false", "--no-train");
        }

        return overrides.Then(ConfigOverrides.Parse(parsed.GetValue(_set) ?? []));
    }

    private void CheckOneTarget(ParseResult parsed)
    {
        string[] given =
        [
            .. new[] { _ratio, _bytes, _plan }.Where(option => parsed.GetResult(option) is not null).Select(option => option.Name),
        ];
        if (given.Length > 1)
        {
            throw new ConfigurationException(
                $"{string.Join(" and ", given)}: each of these sets the size of the result; give one of them");
        }
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
