using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Exports;
using Hypercompress.Journal;
using Hypercompress.Models.Packages;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Processes;
using Hypercompress.Reporting;
using Hypercompress.Settings;
using Hypercompress.Students;

namespace Hypercompress.Cli.Commands;

/// <summary><c>compress</c>: makes an artifact of a model.</summary>
internal static class CompressCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        var options = new CompressOptions();
        var command = new Verb(
            "compress",
            "Compresses a model to a target size and measures what that costs",
            "compress",
            "compress MODEL --ratio 4 --calibration text.jsonl --validation held-out.txt --out small",
            "compress MODEL --bytes 40MB --calibration text.jsonl --no-train");
        options.AddTo(command);
        command.SetAction(parsed => JointRun.Do(
            terminal, (own, processes) => Run(parsed, options, own, processes)));
        return command;
    }

    private static int Run(ParseResult parsed, CompressOptions options, Terminal terminal, IProcessGroup processes)
    {
        PipelineSetup setup = PipelineSetup.Create(parsed, options.Run);
        setup = parsed.GetValue(options.Force) ? setup.Forced() : setup;
        OutputTarget.Check(options.Output.Name, parsed.GetValue(options.Output) ?? ".");
        bool printJson = parsed.GetValue(options.Json);
        using TeacherFiles teacher = options.Run.OpenTeacher(parsed, terminal);
        ModelPackage package = teacher.Package;
        using ModelPackage? student = StudentModel.Of(setup.Config.Student) is { } other
            ? ModelPackage.Open(ModelAccess.Of(parsed, terminal).Locate(other))
            : null;
        string folder = parsed.GetValue(options.Output) ?? DefaultOutput(package, setup);
        string? plan = options.Run.PlanFile(parsed);
        RunStart start = options.Start(parsed);
        var target = new TargetOutput(
            setup.Config.Targets.Runtime,
            folder,
            parsed.GetValue(options.OnlyExport),
            start != RunStart.Continue);
        bool replaces = parsed.GetValue(options.Restart) || !target.KeepsArtifact;
        var request = new PipelineRequest(package, target.Artifact, replaces, plan)
        {
            StatisticsFile = options.Run.StatisticsFile(parsed),
            Student = student,
            Start = start,
        };
        if (processes.Rank > 0)
        {
            setup.Pipeline([], terminal.Cancellation, processes).Assist(request);
            return (int)ExitCode.Done;
        }

        if (Artifact.IsArtifact(request.Output)
            && setup.Pipeline([], terminal.Cancellation, processes).FindFinished(request) is { } report)
        {
            ReportFinished(terminal, printJson, folder, report);
            return (int)ExitCode.Done;
        }

        terminal.StopNotice = StopNotice.For(parsed, options, folder);
        try
        {
            PipelineArtifacts made = ProgressDisplay.Run(
                terminal,
                setup.Config.Logging.Level,
                observers => setup.Pipeline(observers, terminal.Cancellation, processes).Run(request));
            ExportResult? written = target.Write(terminal.Note);
            Print(terminal, printJson, made, target, written, setup.Config.Targets.Bytes);
            return (int)(written?.IsPublished == false ? ExitCode.Verification : ExitCode.Done);
        }
        finally
        {
            target.CleanUp();
        }
    }

    private static void Print(
        Terminal terminal,
        bool json,
        PipelineArtifacts made,
        TargetOutput target,
        ExportResult? written,
        ByteSize? asked)
    {
        if (json)
        {
            JsonObject report = ReportJson.ToNode(made.Report);
            TargetOutput.AddTo(report, target.Sizes());
            if (written is not null)
            {
                target.AddTo(report, written);
            }

            terminal.WriteJson(report);
            return;
        }

        if (written is not null)
        {
            terminal.Results.WriteLine(TargetOutput.Line(written));
        }

        ResultText.Write(
            terminal.Results, made, Sizes(target.Sizes()), target.KeepsArtifact, terminal.ResultColumns, asked);
    }

    private static string? Sizes(ImmutableArray<KeyValuePair<string, long>> sizes) =>
        sizes.IsEmpty ? null : TargetOutput.Line(sizes);

    private static void ReportFinished(Terminal terminal, bool json, string folder, JsonObject report)
    {
        if (json)
        {
            report["artifact"] = folder;
            terminal.WriteJson(report);
        }
        else
        {
            terminal.Results.WriteLine(
                $"{folder} is already complete; the measurements are in {ArtifactLayout.Report}");
        }
    }

    // Without --out no existing folder is touched: the first free name is used, which may be that of a stopped run.
    private static string DefaultOutput(ModelPackage package, PipelineSetup setup)
    {
        string model = setup.IsBuiltIn ? BuiltInModel.Label : package.Label;
        string size = setup.Config.Targets.Bytes is { } bytes
            ? bytes.ToString()
            : string.Create(CultureInfo.InvariantCulture, $"{setup.Config.Targets.CompressionRatio:0.##}x");
        return Enumerable.Range(1, int.MaxValue)
            .Select(number => number == 1 ? $"{model}-{size}" : $"{model}-{size}-{number}")
            .First(name => !Path.Exists(name) && !WorkFolder.IsInUse(WorkFolder.Of(name)));
    }
}
