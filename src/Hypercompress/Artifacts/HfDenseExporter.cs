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
        var layout = new DecoderLayout(model.Config);
        Dictionary<string, WeightSlot> slots = model.Slots.ToDictionary(slot => slot.Name);
        foreach (SlotLayout slot in layout.Slots)
        {
            WeightMatrix matrix = slots[slot.Name].Matrix;
            foreach ((LayoutPart part, long start) in WithStarts(slot.Parts))
            {
                yield return new TensorToWrite(
                    part.TensorName, type, [part.Rows, slot.Columns], () => Rows(matrix, start, part.Rows));
            }
        }

        Dictionary<string, TorchSharp.Modules.Parameter> vectors =
            model.NamedVectors.ToDictionary(pair => pair.Name, pair => pair.Vector);
        foreach (VectorLayout vector in layout.Vectors)
        {
            Tensor value = vectors[vector.Name];
            foreach ((LayoutPart part, long start) in WithStarts(vector.Parts))
            {
                yield return new TensorToWrite(
                    part.TensorName, type, [part.Rows], () => Narrowed(value, start, part.Rows));
            }
        }
    }

    private static IEnumerable<(LayoutPart Part, long Start)> WithStarts(IEnumerable<LayoutPart> parts)
    {
        long start = 0;
        foreach (LayoutPart part in parts)
        {
            yield return (part, start);
            start += part.Rows;
        }
    }

    private Tensor Rows(WeightMatrix matrix, long start, long count)
    {
        using Tensor whole = matrix.Materialize();
        return Narrowed(whole, start, count);
    }

    private Tensor Narrowed(Tensor whole, long start, long count)
    {
        using Tensor part = whole.narrow(0, start, count);
        using Tensor detached = part.detach();
        return detached.to(type, copy: true);
    }
}
