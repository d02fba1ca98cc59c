using System.CommandLine;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Reporting.Pages;

namespace Hypercompress.Cli.Commands;

/// <summary><c>report</c>: prints the measurements that an artifact carries.</summary>
internal static class ReportCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Argument<string> artifact = ModelArgument.Required("Folder of the artifact");
        Option<bool> json = JsonOption.Create();
        Option<string?> html = HtmlOption.Create("Write the report as a page in one HTML file");
        var command = new Verb(
            "report",
            "Prints the model card of an artifact, or with --json all its measurements; --html writes them as a page",
            "report small",
            "report small --json",
            "report small --html report.html")
        {
            artifact, json, html,
        };
        command.SetAction(parsed =>
        {
            string folder = ModelAccess.Of(parsed, terminal).Locate(parsed.GetValue(artifact)!);
            if (!Artifact.IsArtifact(folder))
            {
                throw new CheckpointException(folder, Artifact.FaultOf(folder));
            }

            JsonObject Report() => JsonFile.ReadObject(Path.Combine(folder, ArtifactLayout.Report));
            string? page = parsed.GetValue(html);
            HtmlOption.Write(terminal, page, () => ReportPage.Write(Report()));
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(Report());
            }
            else if (page is null)
            {
                terminal.Results.Write(InputFile.ReadText(Path.Combine(folder, ArtifactLayout.Card)));
            }

            return (int)ExitCode.Done;
        });
        return command;
    }
}
