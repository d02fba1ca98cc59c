using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Errors;
using Hypercompress.Planning.Outlook;

namespace Hypercompress.Cli.Commands;

/// <summary><c>sweep</c>: the predicted quality of several ratios, from one calibration.</summary>
internal static class SweepCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new RunOptions();
        Option<string?> ratios = new("--ratios")
        {
            Description = "Ratios separated by commas [default: the whole reachable range]",
            HelpName = "2,4,8",
        };
        Option<bool> json = JsonOption.Create();
        var command = new Verb(
            "sweep",
            "Plans several ratios from one calibration and shows the predicted quality of each",
            "sweep MODEL --ratios 2,4,8 --calibration text.jsonl --statistics model.json");
        options.AddWithoutTargetTo(command);
        command.Options.Add(ratios);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            ImmutableArray<double> asked = Parse(parsed.GetValue(ratios));
            bool printJson = parsed.GetValue(json);
            SweepRun run = Sweep(parsed, options, asked, terminal);
            if (printJson)
            {
                terminal.WriteJson(ToJson(run));
            }
            else
            {
                SweepText.Write(terminal.Results, run);
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static SweepRun Sweep(
        ParseResult parsed, RunOptions options, ImmutableArray<double> ratios, Terminal terminal)
    {
        PipelineSetup setup = PipelineSetup.Create(parsed, options);
        string? statistics = options.StatisticsFile(parsed);
        using TeacherFiles teacher = options.OpenTeacher(parsed, terminal);
        return ProgressDisplay.Run(
            terminal,
            setup.Config.Logging.Level,
            observers => setup.Pipeline(observers, terminal.Cancellation).Sweep(teacher.Package, ratios, statistics));
    }

    private static ImmutableArray<double> Parse(string? text) =>
        text is null ? [] : [.. text.Split(',').Select(part => ParseRatio(part, text))];

    private static double ParseRatio(string part, string text) =>
        double.TryParse(part, NumberText.Real, CultureInfo.InvariantCulture, out double ratio)
        && ratio is >= 1 and <= 1e6
            ? ratio
            : throw new ConfigurationException(
                $"--ratios {text}: '{part}' is not a ratio; give numbers from 1 to 1000000 separated by commas");

    private static JsonObject ToJson(SweepRun run) => new()
    {
        ["teacher_bytes"] = run.TeacherBytes,
        ["teacher_perplexity"] = run.TeacherPerplexity,
        ["points"] = new JsonArray([.. run.Points.Select(ToJson)]),
        ["refused"] = new JsonArray([.. run.Refusals.Select(refusal => new JsonObject
        {
            ["asked_ratio"] = refusal.Key,
            ["reason"] = refusal.Value,
        })]),
    };

    private static JsonObject ToJson(PlanForecast point) => new()
    {
        ["asked_ratio"] = point.Plan.AskedRatio,
        ["ratio"] = point.Plan.Ratio,
        ["bytes"] = point.Plan.Bytes,
        ["predicted_perplexity"] = PredictionJson.Write(point.Prediction),
        ["predicted_trained_perplexity"] = PredictionJson.WriteOptional(point.Trained),
        ["training_tokens"] = point.TrainingTokens,
        ["predicted_loss_nats"] = point.Plan.PredictedLoss,
        ["sensible"] = point.Verdict.Sensible,
        ["limit"] = PredictionJson.Write(point.Limit),
        ["kv_bytes_per_token"] = point.Plan.Cost.CacheBytes,
        ["multiply_adds_per_token"] = point.Plan.Cost.MultiplyAdds,
    };
}
