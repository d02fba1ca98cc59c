using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Packages;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Reporting;

namespace Hypercompress.Cli.Commands;

/// <summary><c>compress</c>: the main job.</summary>
internal static class CompressCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new RunOptions();
        Option<string?> output = new("--out")
        {
            Description = "Folder of the artifact; by default the first free of MODEL-4x, MODEL-4x-2, …",
            HelpName = "DIR",
        };
        Option<bool> restart = new("--restart") { Description = "Replace the artifact that is in --out" };
        Option<bool> resume = new("--resume")
        {
            Description = "Take the artifact in --out when it is complete and was made by the same run; else start over",
        };
        Option<bool> force = new("--force")
        {
            Description = "Go on even where the plan promises no model worth having (planner.force)",
        };
        Option<bool> json = JsonOption.Create();
        var command = new Command("compress", "Makes a model small and proves what it cost");
        options.AddTo(command);
        command.Options.Add(output);
        command.Options.Add(restart);
        command.Options.Add(resume);
        command.Options.Add(force);
        command.Options.Add(json);
        command.SetAction(parsed =>
        {
            PipelineSetup setup = PipelineSetup.Create(parsed, options);
            setup = parsed.GetValue(force) ? setup.Forced() : setup;
            bool printJson = parsed.GetValue(json);
            using ModelPackage package = ModelOpener.OpenPackage(parsed.GetValue(options.Model), HubAccess.Of(parsed, terminal));
            string folder = parsed.GetValue(output) ?? DefaultOutput(package, setup);
            if (parsed.GetValue(resume) && options.PlanFile(parsed) is null
                && FinishedRun.Find(folder, package, setup.Config) is { } report)
            {
                ReportFinished(terminal, printJson, folder, report);
                return (int)ExitCode.Done;
            }

            var request = new PipelineRequest(
                package,
                folder,
                parsed.GetValue(restart),
                options.PlanFile(parsed))
            {
                StatisticsFile = options.StatisticsFile(parsed),
            };
            PipelineArtifacts made = ProgressDisplay.Run(
                terminal,
                printJson,
                setup.Config.Logging.Level,
                observers => setup.Pipeline(observers, terminal.Cancellation).Run(request));
            if (printJson)
            {
                terminal.WriteJson(ReportJson.ToNode(made.Report));
            }
            else
            {
                ResultText.Write(terminal.Results, made);
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static void ReportFinished(Terminal terminal, bool json, string folder, JsonObject report)
    {
        if (json)
        {
            terminal.WriteJson(report);
        }
        else
        {
            terminal.Results.WriteLine($"{folder} is complete; {ArtifactLayout.Report} in it has what was measured");
        }
    }

    // Without --out nothing that is there is touched: the first free name is taken.
    private static string DefaultOutput(ModelPackage package, PipelineSetup setup)
    {
        string model = setup.IsBuiltIn ? BuiltInModel.Label : package.Label;
        string size = setup.Config.Targets.Bytes is { } bytes
            ? bytes.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{setup.Config.Targets.CompressionRatio:0.##}x");
        return Enumerable.Range(1, int.MaxValue)
            .Select(number => number == 1 ? $"{model}-{size}" : $"{model}-{size}-{number}")
            .First(name => !Path.Exists(name));
    }
}
