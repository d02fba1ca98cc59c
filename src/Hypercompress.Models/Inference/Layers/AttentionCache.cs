using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>
/// What the layers of one sequence remember: keys and values, or the latents that a layer makes them of.
/// </summary>
internal sealed unsafe class AttentionCache : IDisposable
{
    /// <summary>How many of the last tokens can be taken back although earlier ones are forgotten.</summary>
    public const int Margin = 64;

    private readonly bool _forgets;
    private readonly ImmutableArray<KeyValueLayer?> _keyValues;
    private readonly ImmutableArray<LatentLayer?> _latents;
    private readonly KeyValueLayer _unfolded;
    private readonly LatentUnfolding _unfolding;
    private int _start;
    private int _end;

    /// <summary>An empty cache.</summary>
    public AttentionCache(
        DecoderConfig config, ImmutableArray<LayerWeights> layers, MatrixProducts products, CacheOptions options)
    {
        _forgets = options.Tokens is not null;
        var layout = new HeadLayout(config.KeyValueHeads, config.HeadDimension);
        _keyValues =
            [.. layers.Select(layer => layer.KeyValueFactors is null ? new KeyValueLayer(layout, options) : null)];
        _latents =
        [
            .. layers.Select(layer => layer.KeyValueFactors is { } factors
                ? new LatentLayer(factors.First.Rows, options.Format)
                : null),
        ];
        _unfolded = new KeyValueLayer(layout, options with { Format = CacheFormat.Single });
        _unfolding = new LatentUnfolding(config, products);
        HasLatents = _latents.Any(layer => layer is not null);
    }

    /// <summary>Whether any layer has latents.</summary>
    public bool HasLatents { get; }

    /// <summary>Bytes of keys and values, or of latents.</summary>
    public long ByteCount =>
        _keyValues.Sum(layer => layer?.ByteCount ?? 0) + _latents.Sum(layer => layer?.ByteCount ?? 0);

    /// <summary>The same for one more token.</summary>
    public long BytesPerPosition =>
        _keyValues.Sum(layer => layer?.BytesPerPosition ?? 0) + _latents.Sum(layer => layer?.BytesPerPosition ?? 0);

    /// <summary>Begins a pass.</summary>
    /// <param name="start">Position of its first token.</param>
    /// <param name="count">Tokens.</param>
    /// <param name="needed">The first position that a layer sees, beside the very first ones.</param>
    public void Begin(int start, int count, int needed)
    {
        (_start, _end) = (start, start + count);
        foreach (KeyValueLayer? layer in _keyValues)
        {
            layer?.Reserve(_end);
        }

        if (HasLatents)
        {
            _unfolded.Reserve(_end);
            if (_forgets)
            {
                _unfolded.Forget(needed - Margin);
            }
        }
    }

    /// <summary>Keys and values of a layer.</summary>
    public KeyValueLayer KeyValues(int index) => _keyValues[index]!;

    /// <summary>Remembers the latents of the pass, and computes the keys and values of all positions seen.</summary>
    /// <param name="index">0-based layer.</param>
    /// <param name="layer">Its weights.</param>
    /// <param name="rows">Has the latents.</param>
    /// <param name="rotation">Rotations of all positions.</param>
    /// <param name="wide">Where keys and values go; null for the result.</param>
    /// <param name="from">First position that is seen, beside the very first ones.</param>
    /// <returns>Keys and values, until the next layer.</returns>
    public KeyValueLayer Unfold(
        int index,
        LayerWeights layer,
        AttentionRows rows,
        RotationTable? rotation,
        WideSegment? wide,
        int from)
    {
        LatentLayer latents = _latents[index]!;
        for (int i = 0; i < rows.Count; i++)
        {
            latents.Store(_start + i, rows.KeyValues(i));
        }

        LatentUnfolding.Taker take = wide is null ? _unfolded.Store : wide.Store;
        if (from > 0)
        {
            _unfolding.Unfold(latents, layer, rotation, 0, int.Min(from, CacheOptions.Sinks), take);
        }

        _unfolding.Unfold(latents, layer, rotation, from, _end, take);
        return _unfolded;
    }

    /// <summary>Frees what a layer no longer sees.</summary>
    /// <param name="index">0-based layer.</param>
    /// <param name="position">First position that is still seen, beside the very first ones.</param>
    public void Forget(int index, int position)
    {
        if (_forgets)
        {
            _keyValues[index]?.Forget(position - Margin);
            _latents[index]?.Forget(position - Margin);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (KeyValueLayer? layer in _keyValues)
        {
            layer?.Dispose();
        }

        foreach (LatentLayer? layer in _latents)
        {
            layer?.Dispose();
        }

        _unfolded.Dispose();
        _unfolding.Dispose();
    }
}
