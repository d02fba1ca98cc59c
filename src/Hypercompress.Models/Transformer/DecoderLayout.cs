using System.Collections.Immutable;
using System.Globalization;
using Hypercompress.Models.Architectures;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// Every matrix and vector of a decoder with its shape, in the order in which the decoder lists them.
/// </summary>
public sealed class DecoderLayout
{
    private readonly DecoderConfig _config;
    private readonly ImmutableArray<SlotLayout>.Builder _slots = ImmutableArray.CreateBuilder<SlotLayout>();
    private readonly ImmutableArray<VectorLayout>.Builder _vectors = ImmutableArray.CreateBuilder<VectorLayout>();

    /// <summary>Lays out a decoder.</summary>
    /// <param name="config">Its sizes.</param>
    public DecoderLayout(DecoderConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        _config = config;
        AddSlot(EmbeddingName, WeightSlotKind.Embedding, null, config.HiddenSize,
            [(TensorRole.Embedding, config.VocabularySize)]);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            AddAttention(layer);
            AddMlp(layer);
        }

        AddVector("model.norm.weight", null, false, [(TensorRole.FinalNorm, config.HiddenSize)]);
        if (!config.TieEmbeddings)
        {
            AddSlot(HeadName, WeightSlotKind.Head, null, config.HiddenSize, [(TensorRole.Head, config.VocabularySize)]);
        }

        (Slots, Vectors) = (_slots.ToImmutable(), _vectors.ToImmutable());
    }

    /// <summary>Name of the embedding's place.</summary>
    public const string EmbeddingName = "model.embed_tokens";

    /// <summary>Name of the place of an output projection of its own.</summary>
    public const string HeadName = "lm_head";

    /// <summary>
    /// The matrices: embedding; per layer query, key/value, attention output, gate, up, down; the head when untied.
    /// </summary>
    public ImmutableArray<SlotLayout> Slots { get; }

    /// <summary>The norms and biases.</summary>
    public ImmutableArray<VectorLayout> Vectors { get; }

    /// <summary>Name of a layer's module, such as <c>model.layers.3.mlp.up_proj</c>.</summary>
    /// <param name="layer">0-based layer.</param>
    /// <param name="module">Name within the layer.</param>
    /// <returns>The full name.</returns>
    internal static string LayerName(int layer, string module) =>
        string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.{module}");

    private void AddAttention(int layer)
    {
        (long hidden, long queries, long keys) = (_config.HiddenSize, _config.QueryRows, _config.KeyRows);
        AddVector(LayerName(layer, "input_layernorm.weight"), layer, false, [(TensorRole.AttentionNorm, hidden)]);
        AddLinear(layer, "self_attn.q_proj", hidden, _config.AttentionBias, [(TensorRole.Query, queries)]);
        AddLinear(layer, "self_attn.kv_proj", hidden, _config.AttentionBias,
            [(TensorRole.Key, keys), (TensorRole.Value, keys)], WeightSlotKind.KeyValue);
        AddLinear(layer, "self_attn.o_proj", queries, _config.AttentionBias, [(TensorRole.AttentionOutput, hidden)]);
    }

    private void AddMlp(int layer)
    {
        (long hidden, long wide) = (_config.HiddenSize, _config.IntermediateSize);
        AddVector(LayerName(layer, "post_attention_layernorm.weight"), layer, false, [(TensorRole.MlpNorm, hidden)]);
        AddLinear(layer, "mlp.gate_proj", hidden, _config.MlpBias, [(TensorRole.Gate, wide)]);
        AddLinear(layer, "mlp.up_proj", hidden, _config.MlpBias, [(TensorRole.Up, wide)]);
        AddLinear(layer, "mlp.down_proj", wide, _config.MlpBias, [(TensorRole.Down, hidden)]);
    }

    private void AddLinear(
        int layer,
        string module,
        long columns,
        bool bias,
        ReadOnlySpan<(TensorRole Role, long Rows)> parts,
        WeightSlotKind kind = WeightSlotKind.Linear)
    {
        string name = LayerName(layer, module);
        AddSlot(name, kind, layer, columns, parts);
        if (bias)
        {
            AddVector(name + ".bias", layer, true, parts);
        }
    }

    private void AddSlot(
        string name, WeightSlotKind kind, int? layer, long columns, ReadOnlySpan<(TensorRole Role, long Rows)> parts)
    {
        ImmutableArray<LayoutPart> named = Parts(layer, false, parts);
        _slots.Add(new(name, kind, layer, named.Sum(part => part.Rows), columns, named));
    }

    private void AddVector(string name, int? layer, bool bias, ReadOnlySpan<(TensorRole Role, long Rows)> parts)
    {
        ImmutableArray<LayoutPart> named = Parts(layer, bias, parts);
        _vectors.Add(new(name, named.Sum(part => part.Rows), named));
    }

    private ImmutableArray<LayoutPart> Parts(int? layer, bool bias, ReadOnlySpan<(TensorRole Role, long Rows)> parts)
    {
        KeyMap keys = _config.Family.HuggingFaceKeys;
        var named = ImmutableArray.CreateBuilder<LayoutPart>(parts.Length);
        foreach ((TensorRole role, long rows) in parts)
        {
            named.Add(new(bias ? keys.BiasName(role, layer) : keys.WeightName(role, layer), rows));
        }

        return named.MoveToImmutable();
    }
}
