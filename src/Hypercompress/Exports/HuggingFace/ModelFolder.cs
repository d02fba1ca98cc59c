using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>The files of all Hugging Face folders beside their weights.</summary>
internal static class ModelFolder
{
    private const string TypeKey = "dtype";
    private const string OlderTypeKey = "torch_dtype";

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
    public static TensorToWrite StockTensor(SlotRows values, CheckpointTensor stored, ScalarType type) => new(
        stored.Name, type, stored.Shape, () => stored.Assemble(placed => values.Rows(stored, placed).to(type)));

    /// <summary>
    /// The configuration of the same model in the stock layout, in the words of transformers 4 and 5.
    /// </summary>
    /// <param name="config">Any configuration; our own section is left out.</param>
    /// <param name="family">The names that the model uses.</param>
    /// <param name="type">Element type of the weights.</param>
    public static JsonObject DenseConfig(JsonObject config, ArchitectureFamily family, ScalarType type)
    {
        JsonObject dense = config.DeepClone().AsObject();
        dense.Remove(ArtifactLayout.Section);
        dense.Remove(PythonLoader.ClassesKey);
        new Transformers4Keys(dense, family).Add();
        string name = type switch
        {
            ScalarType.Float32 => "float32",
            ScalarType.BFloat16 => "bfloat16",
            _ => "float16",
        };
        dense[OlderTypeKey] = name;
        if (dense.ContainsKey(TypeKey))
        {
            dense[TypeKey] = name;
        }

        return dense;
    }
}
