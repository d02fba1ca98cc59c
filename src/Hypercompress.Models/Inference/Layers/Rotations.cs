using Hypercompress.Models.Architectures;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Transformer.Rotary;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>The rotations that the layers of a pass need.</summary>
internal sealed class Rotations
{
    private readonly Dictionary<RopeSettings, RotationTable> _new = [];
    private readonly Dictionary<RopeSettings, RotationTable> _all = [];
    private readonly Dictionary<RopeSettings, RotationTable> _toSinks = [];
    private readonly int? _cacheTokens;
    private readonly bool _needsAll;

    /// <summary>Computes frequencies.</summary>
    /// <param name="config">Sizes and choices.</param>
    /// <param name="cacheTokens">The most tokens that are seen; null for all.</param>
    /// <param name="needsAll">Whether keys of earlier positions are rotated again.</param>
    public Rotations(DecoderConfig config, int? cacheTokens, bool needsAll)
    {
        (_cacheTokens, _needsAll) = (cacheTokens, needsAll);
        foreach (RopeSettings rope in config.Attention.Select(layer => layer.Rope).OfType<RopeSettings>().Distinct())
        {
            var rotary = new RotaryEmbedding(rope, config.HeadDimension);
            _new.Add(rope, new RotationTable(rotary, rope.AttentionFactor));
            _all.Add(rope, new RotationTable(rotary, rope.AttentionFactor));
            _toSinks.Add(rope, new RotationTable(rotary, rope.AttentionFactor));
        }
    }

    /// <summary>Begins a pass.</summary>
    /// <param name="start">Position of its first token.</param>
    /// <param name="count">Tokens.</param>
    /// <param name="length">Length of the sequence when all its tokens are there.</param>
    public void Begin(int start, int count, int length)
    {
        int seen = int.Min(length, _cacheTokens ?? length);
        foreach (RopeSettings rope in _new.Keys)
        {
            _new[rope].Fill(start, count, seen);
            if (_needsAll)
            {
                _all[rope].Extend(start + count, seen);
            }

            if (_cacheTokens is { } tokens)
            {
                _toSinks[rope].Fill(tokens - 1, 1, seen);
            }
        }
    }

    /// <summary>Rotations of the tokens of the pass; null for a layer that rotates nothing.</summary>
    public RotationTable? New(LayerAttention layer) => Of(_new, layer);

    /// <summary>Rotations of all positions from 0 to the last of the pass; null as for <see cref="New"/>.</summary>
    public RotationTable? All(LayerAttention layer) => Of(_all, layer);

    /// <summary>
    /// Rotation of a query to the first tokens, at place 0: as if they were as far away as the cache is long.
    /// </summary>
    public RotationTable? ToSinks(LayerAttention layer) => Of(_toSinks, layer);

    private static RotationTable? Of(Dictionary<RopeSettings, RotationTable> tables, LayerAttention layer) =>
        layer.Rope is { } rope ? tables[rope] : null;
}
