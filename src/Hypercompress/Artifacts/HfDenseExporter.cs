using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Transformer;
using static TorchSharp.torch;

namespace Hypercompress.Artifacts;

/// <summary>
/// Writes a model in the stock layout of its architecture, every form multiplied out, so that any program that loads Hugging
/// Face folders can run it.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="config">Its <c>config.json</c>; our own section is left out.</param>
/// <param name="sideFiles">Tokenizer and the like, by name.</param>
/// <param name="type">Float32, Float16 or BFloat16.</param>
/// <param name="maximumShardBytes">Weights beyond this are split over several files.</param>
public sealed class HfDenseExporter(
    DecoderModel model,
    JsonObject config,
    IReadOnlyDictionary<string, byte[]> sideFiles,
    ScalarType type,
    long maximumShardBytes = SafetensorsWriter.DefaultShardBytes)
{

    /// <summary>Fills a folder.</summary>
    /// <param name="folder">An existing, empty folder.</param>
    /// <returns>Bytes of the tensors' data.</returns>
    public long Write(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        foreach ((string name, byte[] content) in sideFiles)
        {
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }

        JsonFile.Write(Path.Combine(folder, ArtifactLayout.Config), DenseConfig());
        return SafetensorsWriter.WriteSharded(folder, [.. Tensors()], maximumShardBytes);
    }

    private JsonObject DenseConfig()
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

    private IEnumerable<TensorToWrite> Tensors()
    {
        Dictionary<string, WeightSlot> slots = model.Slots.ToDictionary(slot => slot.Name);
        Dictionary<string, TorchSharp.Modules.Parameter> vectors =
            model.NamedVectors.ToDictionary(pair => pair.Name, pair => pair.Vector);
        return new DecoderLayout(model.Config).Tensors().Select(stored => new TensorToWrite(
            stored.Name,
            type,
            stored.Shape,
            () => stored.Assemble(placed => slots.TryGetValue(placed.Place, out WeightSlot? slot)
                ? MatrixRows(slot.Matrix, placed)
                : VectorRows(vectors[placed.Place], placed, stored.Shape))));
    }

    private Tensor MatrixRows(WeightMatrix matrix, PlacedPart placed)
    {
        using Tensor whole = matrix.Materialize();
        using Tensor part = whole.narrow(0, placed.Row, placed.Part.Rows);
        return part.to(type, copy: true).cpu();
    }

    // Learned positions are kept row by row; what is written has its columns again.
    private Tensor VectorRows(Tensor vector, PlacedPart placed, ImmutableArray<long> shape)
    {
        using Tensor detached = vector.detach();
        using Tensor rows = detached.reshape([-1, .. shape[1..]]);
        using Tensor part = rows.narrow(0, placed.Row, placed.Part.Rows);
        return part.to(type, copy: true).cpu();
    }
}
