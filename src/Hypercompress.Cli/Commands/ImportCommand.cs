using System.CommandLine;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Exports;
using Hypercompress.Exports.Registry;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Cli.Commands;

/// <summary><c>import</c>: a GGUF file as a Hugging Face folder.</summary>
internal static class ImportCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Argument<string> model = ModelArgument.Required("A .gguf file, or a folder or Hub model that consists of one");
        Option<string> output = new("--out")
        {
            Description = "Folder of the model; it must not exist yet",
            HelpName = "DIR",
            Required = true,
        };
        var command = new Verb(
            "import",
            "Converts a GGUF file to a Hugging Face folder of 16-bit weights",
            "import model-q8_0.gguf --out model-hf")
        {
            model, output,
        };
        command.SetAction(parsed =>
        {
            OutputTarget.Check(output.Name, parsed.GetValue(output));
            ModelAccess access = ModelAccess.Of(parsed, terminal);
            string typed = parsed.GetValue(model)!;
            RequireGguf(typed, access.Locate(typed));
            using OpenModel opened = ModelOpener.Open(typed, access);
            ExportResult result = new ModelExporter(terminal.Note).Export(
                opened,
                ExportFormats.Find("hf-dense"),
                new ExportRequest(parsed.GetValue(output)!, ScalarType.Float16, Quant: null, Verify: true));
            terminal.Results.WriteLine(result.Path);
            return (int)(result.IsPublished ? ExitCode.Done : ExitCode.Verification);
        });
        return command;
    }

    // Whatever does not exist is reported when it is opened.
    private static void RequireGguf(string typed, string place)
    {
        bool isGguf = Directory.Exists(place)
            ? !File.Exists(Path.Combine(place, ArtifactLayout.Config))
            : !File.Exists(place) || Path.GetExtension(place).Equals(".gguf", StringComparison.OrdinalIgnoreCase);
        if (!isGguf)
        {
            throw new ConfigurationException(
                $"{typed} is not a .gguf file, and import takes no other: 'export {typed} --format hf-dense --out DIR' "
                + "makes such a folder of any model");
        }
    }
}
