using System.CommandLine;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Cli.Commands;

/// <summary><c>export</c>: an artifact in a format that other programs load.</summary>
internal static class ExportCommand
{
    private const string HfDense = "hf-dense";
    private const string TorchFormat = "pt";

    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = ModelArgument.Required("An artifact, or any other model");
        Option<string> format = new("--format") { Description = "hf-dense or pt", Required = true };
        format.AcceptOnlyFromAmong(HfDense, TorchFormat);
        Option<string> output = new("--out") { Description = "Folder (hf-dense) or file (pt)", HelpName = "PATH", Required = true };
        Option<string> type = new("--dtype")
        {
            Description = "f32, f16 or bf16 (hf-dense)",
            DefaultValueFactory = _ => "f16",
        };
        type.AcceptOnlyFromAmong("f32", "f16", "bf16");
        Option<bool> noVerify = new("--no-verify") { Description = "Do not read the export back and compare its logits" };
        Option<bool> json = JsonOption.Create();
        var command = new Command("export", "Writes a model in a format that other programs load")
        {
            model, format, output, type, noVerify, json,
        };
        command.SetAction(parsed =>
        {
            using OpenModel opened = ModelOpener.Open(parsed.GetValue(model), HubAccess.Of(parsed, terminal));
            var request = new ExportRequest(
                parsed.GetValue(output)!, ParseType(parsed.GetValue(type)!), Verify: !parsed.GetValue(noVerify));
            ExportResult result = parsed.GetValue(format) == HfDense
                ? ModelExports.HfDense(opened, request)
                : ModelExports.TorchCheckpoint(opened, request);
            Print(terminal, parsed.GetValue(json), result);
            return (int)(result.MaximumLogitError <= result.Tolerance ? ExitCode.Done : ExitCode.Verification);
        });
        return command;
    }

    private static ScalarType ParseType(string name) => name switch
    {
        "f32" => ScalarType.Float32,
        "bf16" => ScalarType.BFloat16,
        "f16" => ScalarType.Float16,
        _ => throw new ConfigurationException($"--dtype {name}: expected f32, f16 or bf16"),
    };

    private static void Print(Terminal terminal, bool json, ExportResult result)
    {
        if (json)
        {
            terminal.WriteJson(new JsonObject
            {
                ["path"] = result.Path,
                ["bytes"] = result.Bytes,
                ["max_logit_error"] = result.MaximumLogitError,
            });
            return;
        }

        terminal.Results.WriteLine(result.Path);
        terminal.Messages.WriteLine(
            $"{Units.Bytes(result.Bytes)} of weights"
            + (result.MaximumLogitError is double error ? $", read back: logits differ by at most {error:E1}" : ", not read back"));
    }
}
