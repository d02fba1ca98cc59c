using System.Reflection;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer.Layout;

namespace Hypercompress.Artifacts;

/// <summary>
/// What lets Hugging Face transformers load an artifact with <c>trust_remote_code=True</c>: a Python file that decodes
/// the matrices into the stock model, and in <c>config.json</c> its class and the tensors that each matrix fills.
/// </summary>
internal static class PythonLoader
{
    /// <summary>Name of the Python file inside an artifact.</summary>
    public const string FileName = Module + ".py";

    /// <summary>The key of <c>config.json</c> that names classes in Python files.</summary>
    public const string ClassesKey = "auto_map";

    private const string Module = "modeling_hypercompress";
    private const string ResourceName = "artifact/" + FileName;

    /// <summary>The Python file.</summary>
    /// <returns>Its text.</returns>
    public static string Source()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(ResourceName)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Adds what the file needs to know, and what version 4 of transformers knows by another name.</summary>
    /// <param name="config">The artifact's <c>config.json</c>, with the section of all sites.</param>
    /// <param name="model">The sizes and names of the student.</param>
    public static void AddTo(JsonObject config, DecoderConfig model)
    {
        config[ClassesKey] = new JsonObject
        {
            ["AutoModelForCausalLM"] = $"{Module}.Hypercompress{model.Family.ModelClass}",
        };
        new Transformers4Keys(config, model.Family).Add();
        config[ArtifactLayout.Section]!["tensors"] = new JsonObject(new DecoderLayout(model).Tensors().Select(
            tensor => KeyValuePair.Create(tensor.Name, (JsonNode?)Describe(tensor))));
    }

    private static JsonObject Describe(CheckpointTensor tensor) => new()
    {
        ["shape"] = new JsonArray([.. tensor.Shape.Select(size => (JsonNode)size)]),
        ["parts"] = new JsonArray([.. tensor.Parts.Select(Describe)]),
    };

    private static JsonObject Describe(SlotPart placed) => new()
    {
        ["slot"] = placed.Slot,
        ["row"] = placed.Row,
        ["rows"] = placed.Part.Rows,
        ["blocks"] = placed.Part.Blocks,
        ["start"] = placed.Part.Start,
        ["transposed"] = placed.Part.IsTransposed,
        ["added"] = placed.Part.Added,
    };
}
