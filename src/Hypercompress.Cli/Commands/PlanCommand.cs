using System.CommandLine;
using System.Text.Json.Nodes;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Pipeline.Calibration;
using Hypercompress.Planning;
using Hypercompress.Planning.Files;
using Hypercompress.Planning.Outlook;
using Hypercompress.Settings;
using Hypercompress.Students;

namespace Hypercompress.Cli.Commands;

/// <summary><c>plan</c>: plans a compression without carrying it out.</summary>
internal static class PlanCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new RunOptions();
        Option<string?> save = new("--save")
        {
            Description = "Write the plan to FILE, to be read, edited and carried out by 'compress --plan'",
            HelpName = "FILE",
        };
        Option<bool> explain = new("--explain") { Description = "Show where the bytes and the predicted loss are" };
        Option<bool> json = JsonOption.Create();
        var command = new Verb(
            "plan",
            "Predicts quality, time and memory of a compression; without a text only the size limits and memory",
            "plan MODEL --ratio 4",
            "plan MODEL --ratio 4 --calibration text.jsonl --explain",
            "plan MODEL --bytes 40MB --calibration text.jsonl --statistics model.json --save plan.json");
        options.AddTo(command);
        command.Options.Add(save);
        command.Options.Add(explain);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            OutputTarget.CheckFile(save.Name, parsed.GetValue(save));
            bool printJson = parsed.GetValue(json);
            PipelineSetup setup = PipelineSetup.Create(parsed, options);
            StudentModel.RequireNone(setup.Config.Student);
            string? statistics = options.StatisticsFile(parsed);
            using TeacherFiles teacher = options.OpenTeacher(parsed, terminal);
            string? planFile = options.PlanFile(parsed);
            bool hasText = !setup.Config.Data.Calibration.IsEmpty || File.Exists(statistics);
            if (!hasText && (planFile ?? parsed.GetValue(save)) is null)
            {
                Print(terminal, printJson, setup.Pipeline([], terminal.Cancellation)
                    .Look(teacher.Package));
                return (int)ExitCode.Done;
            }

            PlanForecast planned = ProgressDisplay.Run(
                terminal,
                setup.Config.Logging.Level,
                observers => setup.Pipeline(observers, terminal.Cancellation)
                    .Plan(teacher.Package, planFile, statistics));
            if (parsed.GetValue(save) is string file)
            {
                PlanJson.Save(planned.Plan, file);
            }

            Print(terminal, printJson, planned, parsed.GetValue(explain), setup.Config.Targets.Bytes);
            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void Print(Terminal terminal, bool json, HeaderForecast forecast)
    {
        if (json)
        {
            terminal.WriteJson(HeaderText.ToJson(forecast));
        }
        else
        {
            HeaderText.Write(terminal.Results, forecast);
        }
    }

    private static void Print(Terminal terminal, bool json, PlanForecast planned, bool explain, ByteSize? asked)
    {
        if (json)
        {
            terminal.WriteJson(ToJson(planned));
        }
        else
        {
            PlanText.Write(terminal.Results, planned, explain, asked);
        }
    }

    private static JsonObject ToJson(PlanForecast planned) => new()
    {
        ["asked_ratio"] = planned.Plan.AskedRatio,
        ["compression_ratio"] = planned.Plan.Ratio,
        ["bytes"] = planned.Plan.Bytes,
        ["teacher_bytes"] = planned.Plan.TeacherBytes,
        ["structural"] = planned.Plan.Structural,
        ["notes"] = new JsonArray([.. planned.Plan.Notes.Select(note => JsonValue.Create(note))]),
        ["teacher_perplexity"] = planned.TeacherPerplexity,
        ["predicted_perplexity"] = PredictionJson.Write(planned.Prediction),
        ["predicted_trained_perplexity"] = PredictionJson.WriteOptional(planned.Trained),
        ["training_tokens"] = planned.TrainingTokens,
        ["verdict"] = PredictionJson.Write(planned.Verdict),
        ["predicted_loss_nats"] = planned.Plan.PredictedLoss,
        ["limit"] = PredictionJson.Write(planned.Limit),
        ["kv_bytes_per_token"] = planned.Plan.Cost.CacheBytes,
        ["kv_ratio"] = Ratio(planned.TeacherCost.CachedValues, planned.Plan.Cost.CachedValues),
        ["multiply_adds_per_token"] = planned.Plan.Cost.MultiplyAdds,
        ["flop_ratio"] = Ratio(planned.TeacherCost.MultiplyAdds, planned.Plan.Cost.MultiplyAdds),
        ["sites"] = new JsonArray([.. planned.Plan.Sites.Select(ToJson)]),
        ["alternatives"] = new JsonArray([.. planned.Alternatives.Select(ToJson)]),
        ["estimate"] = new JsonObject
        {
            ["ram_bytes"] = planned.Estimate.RamBytes,
            ["disk_bytes"] = planned.Estimate.DiskBytes,
            ["seconds"] = planned.Estimate.Seconds,
        },
    };

    private static JsonNode ToJson(BranchAlternative alternative) => new JsonObject
    {
        ["branch"] = alternative.Branch,
        ["sites"] = alternative.Sites,
        ["predicted_loss_nats"] = alternative.PredictedLoss,
        ["planned_loss_nats"] = alternative.PlannedLoss,
    };

    private static double Ratio(long teacher, long student) => student == 0 ? 1 : (double)teacher / student;

    private static JsonNode ToJson(SiteAssignment site) => new JsonObject
    {
        ["site"] = site.Site.Name,
        ["rows"] = site.Site.Rows,
        ["columns"] = site.Site.Columns,
        ["bytes"] = site.Bytes,
        ["predicted_error_nats"] = site.PredictedError,
        ["predicted_loss_nats"] = site.PredictedLoss,
        ["kv_bytes_per_token"] = site.Cost.CacheBytes,
        ["multiply_adds_per_token"] = site.Cost.MultiplyAdds,
        ["offers"] = new JsonArray([.. site.Offers.Select(offer => new JsonObject
        {
            ["branch"] = offer.Branch,
            ["bytes"] = offer.Bytes,
            ["owner"] = offer.Owner,
            ["setting"] = new JsonObject(offer.Setting.Select(
                pair => KeyValuePair.Create<string, JsonNode?>(pair.Key, JsonValue.Create(pair.Value)))),
        })]),
    };
}
