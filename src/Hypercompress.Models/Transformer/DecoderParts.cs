using System.Collections.Frozen;
using Hypercompress.Models.Architectures;

namespace Hypercompress.Models.Transformer;

/// <summary>Puts slots and vectors together to the blocks of a decoder.</summary>
internal sealed class DecoderParts(
    DecoderConfig config, IEnumerable<WeightSlot> slots, IEnumerable<VectorSlot> vectors)
{
    private readonly FrozenDictionary<string, WeightSlot> _slots = slots.ToFrozenDictionary(slot => slot.Name);
    private readonly FrozenDictionary<string, VectorSlot> _vectors = vectors.ToFrozenDictionary(vector => vector.Name);

    /// <summary>A place by its name.</summary>
    public WeightSlot Slot(string name) => _slots[name];

    /// <summary>A norm by the name of its weight.</summary>
    public RmsNorm Norm(string name) => new(_vectors[name], config.RmsNormEpsilon);

    /// <summary>A matrix with its bias, by the name of the matrix.</summary>
    public LinearLayer Linear(string name) => new(_slots[name], _vectors.GetValueOrDefault(name + ".bias"));

    /// <summary>One layer.</summary>
    public DecoderLayer Layer(int layer)
    {
        LinearLayer Named(string module) => Linear(DecoderLayout.LayerName(layer, module));
        var keyValue = new KeyValueProjection(
            Named("self_attn.kv_proj"), layer, config.KeyValueHeads, config.HeadDimension);
        var attention = new GroupedQueryAttention(
            Named("self_attn.q_proj"),
            keyValue,
            Named("self_attn.o_proj"),
            config.Heads,
            config.KeyValueHeads,
            config.HeadDimension);
        var mlp = new GatedMlp(
            Named("mlp.gate_proj"), Named("mlp.up_proj"), Named("mlp.down_proj"), config.Activation);
        return new DecoderLayer(
            Norm(DecoderLayout.LayerName(layer, "input_layernorm.weight")),
            attention,
            Norm(DecoderLayout.LayerName(layer, "post_attention_layernorm.weight")),
            mlp);
    }
}
