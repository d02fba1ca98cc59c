using System.Collections.Frozen;
using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Families;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Reading;
using TorchSharp;

namespace Hypercompress.Models.Packages.Inventory;

/// <summary>
/// Sorts the tensors of a checkpoint: those that the decoder reads, which are the teacher's weights and count, and
/// those that it does not, which never count. Buffers such as masks are neither weights nor worth a word.
/// </summary>
internal sealed class TensorInventory
{
    private const int NamedAtOnce = 5;
    private const long LargestBias = 1 << 22;

    private static readonly FrozenSet<string> Integers = new[]
    {
        "BOOL", "I8", "I16", "I32", "I64", "U8", "U16", "U32", "U64",
    }.ToFrozenSet(StringComparer.Ordinal);

    private readonly DecoderConfig _config;
    private readonly ITensorSource _source;
    private readonly ImmutableArray<TensorInfo> _unread;

    /// <summary>Sorts the tensors of a model.</summary>
    /// <param name="config">Its configuration, in which a head that is not the embedding is not tied.</param>
    /// <param name="source">Its checkpoint.</param>
    public TensorInventory(DecoderConfig config, ITensorSource source)
    {
        (_config, _source) = (config, source);
        Read = [.. FindRead()];
        var read = Read.Select(tensor => tensor.Name).ToFrozenSet(StringComparer.Ordinal);
        _unread =
        [
            .. source.Tensors.Values
                .Where(tensor => !read.Contains(tensor.Name) && !IsBuffer(tensor, config.Family))
                .OrderBy(tensor => tensor.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>The tensors that the decoder reads, each once.</summary>
    public ImmutableArray<TensorInfo> Read { get; }

    /// <summary>Whether a tensor is a buffer that frameworks store beside weights.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="family">The model's family; null when it is not known.</param>
    /// <returns>True for masks, positions, frequencies and the like.</returns>
    public static bool IsBuffer(TensorInfo tensor, ArchitectureFamily? family) => Integers.Contains(tensor.DataType)
        || tensor.Name.EndsWith(".rotary_emb.inv_freq", StringComparison.Ordinal)
        || tensor.Name.EndsWith(".masked_bias", StringComparison.Ordinal)
        || family?.HuggingFaceKeys.IsBuffer(tensor.Name) == true;

    /// <summary>Says once which tensors are not read.</summary>
    /// <returns>Sentences; none when all tensors are read.</returns>
    public IEnumerable<string> Notes()
    {
        TensorInfo[] adapters = [.. _unread.Where(IsAdapter)];
        TensorInfo[] copies = [.. _unread.Where(IsHead)];
        TensorInfo[] others = [.. _unread.Except(adapters).Except(copies)];
        if (copies.Length > 0)
        {
            yield return $"\"{copies[0].Name}\" is a copy of the embedding: it is not read and not counted";
        }

        if (adapters.Length > 0)
        {
            yield return $"an adapter is stored beside the weights that it was made for ({List(adapters)}): it is not "
                + "read and not counted; merge it first (merge_and_unload() in PEFT) to have it";
        }

        if (others.Length > 0)
        {
            yield return $"no part of a {_config.ModelType} model reads {List(others)}: not counted";
        }
    }

    /// <summary>Makes sure that nothing that belongs to the model is left unread.</summary>
    /// <exception cref="CheckpointException">
    /// A layer beyond those of the configuration is stored, or a bias, norm or projection that the configuration leaves
    /// out and that is not zero.
    /// </exception>
    public void RequireComplete()
    {
        foreach (TensorInfo tensor in _unread.Where(tensor => !IsHead(tensor)))
        {
            (bool isModule, int? layer) = Recognize(tensor.Name);
            if (isModule && layer >= _config.Layers)
            {
                throw Fail(
                    tensor,
                    $"is of layer {layer}, but \"{_config.Family.Config.Layers}\" is {_config.Layers}: the model would "
                        + "be cut off; correct config.json, or remove the layers from the checkpoint");
            }

            if (isModule && !IsZero(tensor))
            {
                throw Fail(
                    tensor, "would not be read by the configuration, but a model that has it computes with it; correct "
                    + "config.json (a flag such as attention_bias, or model_type), or remove it from the checkpoint");
            }
        }
    }

    private IEnumerable<TensorInfo> FindRead()
    {
        // A number of layers that is only claimed must not decide how much is laid out.
        if (_config.Layers > _source.Tensors.Count)
        {
            return [];
        }

        var finder = new TensorFinder(_config.Family.HuggingFaceKeys, _source);
        IEnumerable<TensorInfo?> found = new DecoderLayout(_config)
            .Tensors().Select(tensor => finder.Find(tensor.Name));
        IEnumerable<TensorInfo?> shared = _config.TieEmbeddings && finder.Embedding is null ? [finder.Head] : [];
        return found.Concat(shared).OfType<TensorInfo>();
    }

    private bool IsHead(TensorInfo tensor) =>
        tensor.Name == _config.Family.HuggingFaceKeys.WeightName(TensorRole.Head, null);

    private static bool IsAdapter(TensorInfo tensor) =>
        tensor.Name.Contains(".lora_", StringComparison.Ordinal)
        || tensor.Name.Contains(".adapter", StringComparison.OrdinalIgnoreCase);

    /// <summary>The role of a name in this family, or in a layer of another one that has more parts.</summary>
    private (bool IsModule, int? Layer) Recognize(string name)
    {
        (bool IsModule, int? Layer) own = _config.Family.HuggingFaceKeys.Recognize(name);
        return own.IsModule ? own : ArchitectureFamilies.All
            .Select(family => family.HuggingFaceKeys.Recognize(name))
            .FirstOrDefault(found => found.Layer is not null);
    }

    /// <summary>Some tools store a bias of zeros for every projection: leaving that out changes nothing.</summary>
    private bool IsZero(TensorInfo tensor)
    {
        if (tensor.Shape.Length != 1 || tensor.ElementCount > LargestBias
            || !tensor.Name.EndsWith(".bias", StringComparison.Ordinal))
        {
            return false;
        }

        using torch.Tensor values = _source.Read(tensor.Name);
        using torch.Tensor nonzero = values.count_nonzero();
        return nonzero.ToInt64() == 0;
    }

    private static string List(TensorInfo[] tensors)
    {
        string names = string.Join(", ", tensors.Take(NamedAtOnce).Select(tensor => $"\"{tensor.Name}\""));
        return tensors.Length > NamedAtOnce ? $"{names} and {tensors.Length - NamedAtOnce} more" : names;
    }

    private static CheckpointException Fail(TensorInfo tensor, string problem) =>
        new(tensor.File, $"tensor \"{tensor.Name}\" {problem}");
}
