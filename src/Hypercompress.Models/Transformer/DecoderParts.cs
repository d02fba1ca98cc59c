using System.Collections.Frozen;
using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Rotary;
using Hypercompress.Models.Transformer.Weights;

namespace Hypercompress.Models.Transformer;

/// <summary>Puts slots and vectors together to the blocks of a decoder.</summary>
internal sealed class DecoderParts
{
    private readonly DecoderConfig _config;
    private readonly FrozenDictionary<string, WeightSlot> _slots;
    private readonly FrozenDictionary<string, VectorSlot> _vectors;
    private readonly Dictionary<RopeSettings, RotaryEmbedding> _rotaries = [];

    /// <summary>Collects what there is.</summary>
    public DecoderParts(DecoderConfig config, IEnumerable<WeightSlot> slots, IEnumerable<VectorSlot> vectors)
    {
        _config = config;
        _slots = slots.ToFrozenDictionary(slot => slot.Name);
        _vectors = vectors.ToFrozenDictionary(vector => vector.Name);
        foreach (RopeSettings rope in config.Attention.Select(layer => layer.Rope).OfType<RopeSettings>().Distinct())
        {
            _rotaries.Add(rope, new RotaryEmbedding(rope, config.HeadDimension));
        }
    }

    /// <summary>The needs of the layers in a pass.</summary>
    public PassNeeds Needs => new(
        [.. _rotaries.Values],
        [.. _config.Attention.Select(layer => layer.Window).Distinct()],
        _config.AttentionSoftCap is not null);

    /// <summary>The learned positions, or null.</summary>
    public VectorSlot? Positions =>
        _vectors.GetValueOrDefault(DecoderNames.Of(TensorRole.Positions, null) + ".weight");

    /// <summary>The norm after the last layer.</summary>
    public Norm FinalNorm => Norm(TensorRole.FinalNorm, null)!;

    /// <summary>A slot by its name.</summary>
    public WeightSlot Slot(string name) => _slots[name];

    /// <summary>A matrix with its bias, by the name of the matrix.</summary>
    public LinearLayer Linear(string name) => new(_slots[name], _vectors.GetValueOrDefault(name + ".bias"));

    /// <summary>One layer.</summary>
    public DecoderLayer Layer(int layer)
    {
        var attention = new NormedBlock<SelfAttention>(
            Norm(TensorRole.AttentionNorm, layer), Attention(layer), Norm(TensorRole.AttentionPostNorm, layer));
        var mlp = new NormedBlock<FeedForward>(
            Norm(TensorRole.MlpNorm, layer), Mlp(layer), Norm(TensorRole.MlpPostNorm, layer));
        return new DecoderLayer(attention, mlp, _config.ParallelResidual);
    }

    private SelfAttention Attention(int layer)
    {
        LayerAttention attention = _config.Attention[layer];
        var shape = new HeadShape(
            _config.Heads,
            _config.KeyValueHeads,
            _config.HeadDimension,
            attention,
            attention.Rope is { } rope ? _rotaries[rope] : null,
            Norm(TensorRole.QueryNorm, layer),
            Norm(TensorRole.KeyNorm, layer),
            _config.Family.NormalizesWholeRows);
        return new SelfAttention(
            Linear(TensorRole.Query, layer),
            new KeyValueProjection(Linear(TensorRole.Key, layer), layer, shape),
            Linear(TensorRole.AttentionOutput, layer),
            shape,
            _config.AttentionSoftCap);
    }

    private FeedForward Mlp(int layer) => new(
        _slots.ContainsKey(DecoderNames.Of(TensorRole.Gate, layer)) ? Linear(TensorRole.Gate, layer) : null,
        Linear(TensorRole.Up, layer),
        Linear(TensorRole.Down, layer),
        _config.Activation);

    private LinearLayer Linear(TensorRole role, int layer) => Linear(DecoderNames.Of(role, layer));

    private Norm? Norm(TensorRole role, int? layer)
    {
        string name = DecoderNames.Of(role, layer);
        return _vectors.TryGetValue(name + ".weight", out VectorSlot? weight)
            ? new Norm(_config.Family.Norm, weight, _vectors.GetValueOrDefault(name + ".bias"), _config.NormEpsilon)
            : null;
    }
}
