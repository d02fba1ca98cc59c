using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.StoryModel;

/// <summary>Writes the files of the model as Hugging Face lays them out.</summary>
public static class StoryModelFolder
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    /// <summary>Writes <c>config.json</c> and <c>generation_config.json</c>.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="vocabularySize">Size of the vocabulary.</param>
    public static void WriteConfiguration(string folder, int vocabularySize)
    {
        WriteJson(Path.Combine(folder, "config.json"), StoryModelRecipe.Configuration(vocabularySize));
        WriteJson(Path.Combine(folder, "generation_config.json"), new JsonObject
        {
            ["bos_token_id"] = 0,
            ["eos_token_id"] = 0,
            ["do_sample"] = true,
            ["temperature"] = 0.7,
            ["max_new_tokens"] = 400,
        });
    }

    /// <summary>Writes the weights as float16.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="model">The model; it stays as it is.</param>
    /// <returns>Bytes of the weights.</returns>
    public static long WriteWeights(string folder, DecoderModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        var layout = new DecoderLayout(model.Config);
        var matrices = layout.Slots.Zip(model.Slots, (slot, place) => (slot.Parts, Value: place.Matrix.Materialize()));
        var vectors = layout.Vectors.Zip(
            model.NamedVectors, (vector, named) => (vector.Parts, Value: (Tensor)named.Vector));
        var tensors = new Dictionary<string, Tensor>();
        foreach (var (parts, value) in matrices.Concat(vectors))
        {
            long row = 0;
            foreach (var part in parts)
            {
                tensors.Add(part.TensorName, value.narrow(0, row, part.Rows).to(ScalarType.Float16));
                row += part.Rows;
            }
        }

        return SafetensorsWriter.Write(Path.Combine(folder, SafetensorsNames.SingleFile), tensors);
    }

    private static void WriteJson(string path, JsonObject content) =>
        File.WriteAllText(path, content.ToJsonString(Format) + "\n");
}
