using System.Collections.Frozen;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using static TorchSharp.torch;

namespace Hypercompress.Models.Packages;

/// <summary>
/// The tensors of a GGUF file under their Hugging Face names. Query and key rows that the format keeps in the order of
/// interleaved rotary pairs are brought back to two halves a head.
/// </summary>
internal sealed class GgufTensors : ITensorSource
{
    private readonly GgufFile _file;
    private readonly FrozenDictionary<string, (string Stored, TensorRole Role)> _origins;
    private readonly DecoderConfig _config;

    /// <summary>Maps the names of a file.</summary>
    /// <param name="file">The file; owned from here on.</param>
    /// <param name="path">Its path.</param>
    /// <param name="config">The model's configuration.</param>
    /// <exception cref="CheckpointException">The file has a tensor that the architecture does not know.</exception>
    public GgufTensors(GgufFile file, string path, DecoderConfig config)
    {
        (_file, _config) = (file, config);
        _origins = Origins(config).Where(pair => file.Tensors.ContainsKey(pair.Value.Stored)).ToFrozenDictionary();
        var known = _origins.Values.Select(origin => origin.Stored).Append(LlamaRopeFactors.TensorName).ToHashSet();
        if (file.Tensors.Keys.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new CheckpointException(
                path, $"tensor \"{unknown}\" has no place in a {config.ModelType} model of {config.Layers} layers");
        }

        Tensors = _origins.ToFrozenDictionary(
            pair => pair.Key, pair => file.Tensors[pair.Value.Stored] with { Name = pair.Key });
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <inheritdoc/>
    public Tensor Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_origins.TryGetValue(name, out (string Stored, TensorRole Role) origin))
        {
            return _file.Read(name);
        }

        int heads = origin.Role switch
        {
            TensorRole.Query => _config.Heads,
            TensorRole.Key => _config.KeyValueHeads,
            _ => 0,
        };
        Tensor read = _file.Read(origin.Stored);
        return heads > 0 && _config.Family.GgufInterleavesRotary ? Separate(read, heads, name) : read;
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private Tensor Separate(Tensor rows, int heads, string name)
    {
        using (rows)
        using (var scope = NewDisposeScope())
        {
            long width = heads * (long)_config.HeadDimension;
            if (rows.shape[0] != width)
            {
                throw new CheckpointException(
                    Tensors[name].File, $"tensor \"{name}\" must have {width} rows, found {rows.shape[0]}");
            }

            long[] rest = rows.shape[1..];
            return rows.reshape([heads, _config.HeadDimension / 2, 2, .. rest])
                .transpose(1, 2)
                .reshape([width, .. rest])
                .MoveToOuterDisposeScope();
        }
    }

    private static Dictionary<string, (string Stored, TensorRole Role)> Origins(DecoderConfig config)
    {
        (KeyMap wanted, KeyMap stored) = (config.Family.HuggingFaceKeys, config.Family.GgufKeys);
        var origins = new Dictionary<string, (string, TensorRole)>(StringComparer.Ordinal);
        foreach (TensorRole role in wanted.Patterns.Keys)
        {
            IEnumerable<int?> layers = wanted.IsPerLayer(role)
                ? Enumerable.Range(0, config.Layers).Select(layer => (int?)layer)
                : [null];
            foreach (int? layer in layers)
            {
                origins[wanted.WeightName(role, layer)] = (stored.WeightName(role, layer), role);
                origins[wanted.BiasName(role, layer)] = (stored.BiasName(role, layer), role);
            }
        }

        return origins;
    }
}
