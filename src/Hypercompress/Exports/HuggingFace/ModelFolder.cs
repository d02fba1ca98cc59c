using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>What all Hugging Face folders have beside their weights.</summary>
internal static class ModelFolder
{
    /// <summary>Writes tokenizer files and the like.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="sideFiles">The files by name.</param>
    public static void WriteSideFiles(string folder, IReadOnlyDictionary<string, byte[]> sideFiles)
    {
        foreach ((string name, byte[] content) in sideFiles)
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }
    }

    /// <summary>A tensor of the stock model, forms multiplied out.</summary>
    /// <param name="values">The model's numbers.</param>
    /// <param name="stored">The tensor.</param>
    /// <param name="type">Float32, Float16 or BFloat16.</param>
    public static TensorToWrite StockTensor(PlacedValues values, CheckpointTensor stored, ScalarType type) => new(
        stored.Name, type, stored.Shape, () => stored.Assemble(placed => values.Rows(stored, placed).to(type)));

    /// <summary>The configuration of the same model in the stock layout.</summary>
    /// <param name="config">Any configuration; our own section is left out.</param>
    /// <param name="type">Element type of the weights.</param>
    public static JsonObject DenseConfig(JsonObject config, ScalarType type)
    {
        JsonObject dense = config.DeepClone().AsObject();
        dense.Remove(ArtifactLayout.Section);
        string key = dense.ContainsKey("dtype") ? "dtype" : "torch_dtype";
        dense[key] = type switch
        {
            ScalarType.Float32 => "float32",
            ScalarType.BFloat16 => "bfloat16",
            _ => "float16",
        };
        return dense;
    }
}
