using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages.Gguf;

namespace Hypercompress.Models.Packages.Adapters;

/// <summary>A LoRA adapter as llama.cpp stores it: the factors of GGUF tensors.</summary>
internal sealed class GgufAdapter : IAdapter
{
    private const string TypeKey = "general.type";
    private const string DownEnding = ".lora_a";
    private const string UpEnding = ".lora_b";

    private readonly GgufFile _file;
    private readonly string _path;

    private GgufAdapter(GgufFile file, string path) => (_file, _path) = (file, path);

    /// <inheritdoc/>
    public ITensorSource Tensors => _file;

    /// <inheritdoc/>
    public string? BaseName => _file.Metadata.FindString("general.base_model.0.name");

    /// <summary>Whether a file holds an adapter and no model.</summary>
    /// <param name="file">The open file.</param>
    public static bool IsAdapter(GgufFile file) => file.Metadata.FindString(TypeKey) == "adapter";

    /// <summary>Takes over an adapter.</summary>
    /// <param name="file">The open file; owned from here on when this does not fail.</param>
    /// <param name="path">Its path.</param>
    /// <returns>The adapter.</returns>
    /// <exception cref="CheckpointException">It is not a LoRA.</exception>
    public static GgufAdapter Open(GgufFile file, string path)
    {
        string type = file.Metadata.FindString("adapter.type") ?? "lora";
        return type == "lora"
            ? new GgufAdapter(file, path)
            : throw AdapterConfig.Refuse(path, $"an adapter of type {type}");
    }

    /// <inheritdoc/>
    public ITensorSource MergeInto(DecoderConfig config, ITensorSource tensors)
    {
        double alpha = _file.Metadata.FindNumber("adapter.lora.alpha") ?? 0;
        Dictionary<string, LoraPair> pairs = new(StringComparer.Ordinal);
        foreach (TensorInfo tensor in _file.Tensors.Values)
        {
            if (tensor.Name.EndsWith(DownEnding, StringComparison.Ordinal))
            {
                pairs.Add(tensor.Name[..^DownEnding.Length], Pair(tensor, alpha));
            }
            else if (!tensor.Name.EndsWith(UpEnding, StringComparison.Ordinal))
            {
                throw new CheckpointException(
                    _path, $"has the tensor \"{tensor.Name}\", which is not a factor of a LoRA");
            }
        }

        var deltas = new GgufTensors(new LoraDeltas(_file, pairs), _path, config);
        return new MergedTensors(tensors, this, deltas, new Dictionary<string, string>());
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private LoraPair Pair(TensorInfo down, double alpha)
    {
        string name = down.Name[..^DownEnding.Length] + UpEnding;
        TensorInfo up = _file.Tensors.GetValueOrDefault(name)
            ?? throw new CheckpointException(_path, $"has \"{down.Name}\", but not \"{name}\"");
        long rank = down.Shape.Length > 0 ? Math.Max(1, down.Shape[0]) : 1;
        return new LoraPair(down, up, alpha == 0 ? 1 : alpha / rank, IsTransposed: false);
    }
}
