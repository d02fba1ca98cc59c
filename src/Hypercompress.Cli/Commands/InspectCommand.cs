using System.CommandLine;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Options;
using Hypercompress.Cli.Output;
using Hypercompress.Cli.Parsing;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Packages;

namespace Hypercompress.Cli.Commands;

/// <summary><c>inspect</c>: lists the tensors of a model, an artifact or a tensor file from its headers.</summary>
internal static class InspectCommand
{
    /// <summary>Creates the verb.</summary>
    /// <param name="terminal">Where it writes.</param>
    /// <returns>The verb.</returns>
    public static Command Create(Terminal terminal)
    {
        Argument<string?> model = ModelArgument.Optional();
        Option<bool> json = JsonOption.Create();
        var command = new Verb(
            "inspect",
            "Lists the tensors of a model, an artifact or a .safetensors file",
            "inspect MODEL",
            "inspect model.safetensors --json")
        {
            model, json,
        };
        command.SetAction(parsed =>
        {
            ModelAccess access = ModelAccess.Of(parsed, terminal);
            JsonObject document = Describe(ModelOpener.Locate(parsed.GetValue(model), access), access.LocateBase());
            if (parsed.GetValue(json))
            {
                terminal.WriteJson(document);
            }
            else
            {
                Print(terminal.Results, document);
            }

            return (int)ExitCode.Done;
        });
        return command;
    }

    private static JsonObject Describe(string path, string? basePath)
    {
        if (File.Exists(path) && Path.GetExtension(path) == ".safetensors")
        {
            using SafetensorsFile file = SafetensorsFile.Open(path);
            return Document("safetensors", null, file, file.Tensors.Values.Sum(tensor => tensor.ElementCount), null);
        }

        if (Artifact.IsArtifact(path))
        {
            using Artifact artifact = Artifact.Open(path);
            JsonObject document = Document(
                "hypercompress", Architecture(artifact.Config), artifact.Tensors, artifact.DenseParameters, null);
            document["sites"] = artifact.Config[ArtifactLayout.Section]!["sites"]?.DeepClone();
            return document;
        }

        using ModelPackage package = ModelPackage.Open(path, basePath);
        JsonObject described = Document(
            package.Format,
            Architecture(package.Config),
            package.Tensors,
            package.ParameterCount,
            package.PublishedBytes);
        described["notes"] = new JsonArray([.. package.Notes.Select(note => JsonValue.Create(note))]);
        return described;
    }

    private static string? Architecture(JsonObject config) =>
        config["model_type"] is JsonValue value && value.TryGetValue(out string? name) ? name : null;

    private static JsonObject Document(
        string format, string? architecture, ITensorSource source, long parameters, long? publishedBytes)
    {
        long weightBytes = source.Tensors.Values.Sum(tensor => tensor.ByteLength);
        var document = new JsonObject
        {
            ["format"] = format,
            ["architecture"] = architecture,
            ["parameters"] = parameters,
            ["weight_bytes"] = weightBytes,
            ["tensors"] = new JsonArray(
                [.. source.Tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Select(ToJson)]),
        };
        if (publishedBytes is not null)
        {
            document["baseline_bytes"] = publishedBytes;
        }

        return document;
    }

    private static JsonNode ToJson(TensorInfo tensor) => new JsonObject
    {
        ["name"] = tensor.Name,
        ["dtype"] = tensor.DataType,
        ["shape"] = new JsonArray([.. tensor.Shape.Select(size => JsonValue.Create(size))]),
        ["bytes"] = tensor.ByteLength,
    };

    private static void Print(TextWriter results, JsonObject document)
    {
        results.WriteLine($"format        {document["format"]}");
        results.WriteLine($"architecture  {document["architecture"] ?? "unknown"}");
        results.WriteLine($"parameters    {document["parameters"]}");
        results.WriteLine($"weight bytes  {document["weight_bytes"]}");
        foreach (JsonNode? tensor in document["tensors"]!.AsArray())
        {
            string shape = string.Join(" × ", tensor!["shape"]!.AsArray());
            results.WriteLine($"{tensor["dtype"],-8} {shape,-16} {tensor["bytes"],14}  {tensor["name"]}");
        }

        foreach (JsonNode? note in document["notes"]?.AsArray() ?? [])
        {
            results.WriteLine($"note          {note}");
        }
    }
}
