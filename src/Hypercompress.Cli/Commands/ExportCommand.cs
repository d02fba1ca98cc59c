using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Exports;
using Hypercompress.Exports.Registry;
using Hypercompress.Models.Files;
using Hypercompress.NumberFormats.Floats;

namespace Hypercompress.Cli.Commands;

/// <summary><c>export</c>: an artifact in a format that other programs load.</summary>
internal static class ExportCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = ModelArgument.Required("An artifact or any other model");
        Option<string> format = FormatOption();
        Option<string> output = new("--out")
        {
            Description = "Folder or file of the export; it must not exist yet",
            HelpName = "PATH",
            Required = true,
        };
        Option<string> type = TypeOption();
        Option<string?> quant = QuantOption();
        Option<bool> noVerify = new("--no-verify")
        {
            Description = "Do not read the export back to compare its logits",
        };
        Option<bool> json = JsonOption.Create();
        var command = new Verb(
            "export",
            "Writes a model in a format that other programs load",
            "export small --format gguf --quant q8_0 --out small.gguf",
            "export small --format hf-dense --out small-hf")
        {
            model, format, output, type, quant, noVerify, json,
        };
        command.SetAction(parsed =>
        {
            OutputTarget.Check(output.Name, parsed.GetValue(output));
            using OpenModel opened = ModelOpener.Open(parsed.GetValue(model), ModelAccess.Of(parsed, terminal));
            var request = new ExportRequest(
                parsed.GetValue(output)!,
                FloatFormat.TryParse(parsed.GetValue(type)!)!.Type,
                parsed.GetValue(quant),
                Verify: !parsed.GetValue(noVerify));
            ExportResult result = new ModelExporter(terminal.Note).Export(
                opened, ExportFormats.Find(parsed.GetValue(format)!), request);
            Print(terminal, parsed.GetValue(json), result);
            return (int)(result.IsPublished ? ExitCode.Done : ExitCode.Verification);
        });
        return command;
    }

    private static Option<string> FormatOption()
    {
        string[] names = [.. ExportFormats.All.Select(format => format.Name)];
        Option<string> format = new("--format") { Description = "Format of the export", Required = true };
        Choice.Among(format, [.. names]);
        return format;
    }

    private static Option<string> TypeOption()
    {
        Option<string> type = new("--dtype")
        {
            Description = "Number format of weights that are not quantized",
            DefaultValueFactory = _ => "f16",
        };
        Choice.Among(type, "f32", "f16", "bf16");
        return type;
    }

    private static Option<string?> QuantOption()
    {
        IEnumerable<string> choices = ExportFormats.All.Where(format => !format.Quants.IsEmpty)
            .Select(format => $"{format.Name}: {string.Join(", ", format.Quants)}");
        return new("--quant")
        {
            Description = $"Quantize the weights ({string.Join("; ", choices)}) [default: no]",
            HelpName = "TYPE",
        };
    }

    private static void Print(Terminal terminal, bool json, ExportResult result)
    {
        if (json)
        {
            terminal.WriteJson(new JsonObject
            {
                ["path"] = result.Path,
                ["bytes"] = result.Bytes,
                ["file_bytes"] = result.FileBytes,
                ["max_logit_error"] = result.MaximumLogitError,
                ["verified"] = result.MaximumLogitError is null ? null : result.IsPublished,
            });
            return;
        }

        if (result.IsPublished)
        {
            terminal.Results.WriteLine(result.Path);
        }

        terminal.Messages.WriteLine(Summary(result));
    }

    private static string Summary(ExportResult result)
    {
        string sizes = $"{SizeText.Of(result.Bytes)} of weights, {SizeText.Of(result.FileBytes)} of files";
        if (result.MaximumLogitError is not { } error)
        {
            return $"{sizes}, not read back";
        }

        if (!result.IsPublished && !double.IsFinite(error))
        {
            return $"{sizes}, read back: not the same model (its tokenizer gives other ids, a matrix differs, or "
                + "logits are not numbers), so the export was deleted";
        }

        string difference = string.Create(CultureInfo.InvariantCulture, $"logits differ by at most {error:g2}");
        return result.IsPublished
            ? $"{sizes}, read back: {difference}"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{sizes}, read back: {difference}, but rounding explains only {result.Tolerance:g2}, "
                + $"so the export was deleted; with --dtype f32 nothing is rounded");
    }
}
