using System.Buffers;
using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Transformer.Rotary;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>The attention of all layers of one sequence, with its cache.</summary>
internal sealed unsafe class AttentionPass : IDisposable
{
    // From here on widening the cache once costs less than widening it for every token.
    private const int ManyTokens = 8;
    private const int HeadsAtOnce = 4;

    private readonly DecoderConfig _config;
    private readonly MatrixProducts _products;
    private readonly HeadLayout _layout;
    private readonly ImmutableArray<KeyValueLayer> _cache;
    private readonly Dictionary<RopeSettings, RotationTable> _rotations = [];
    private readonly PassBuffer _queries;
    private readonly PassBuffer _keyValues;
    private Segment<SingleNumbers>? _wide;
    private int _start;
    private int _count;

    /// <summary>Prepares an empty cache.</summary>
    public AttentionPass(DecoderConfig config, MatrixProducts products, CacheFormat format)
    {
        (_config, _products) = (config, products);
        _layout = new HeadLayout(config.KeyValueHeads, config.HeadDimension);
        _cache = [.. Enumerable.Range(0, config.Layers).Select(_ => new KeyValueLayer(_layout, format))];
        foreach (RopeSettings rope in config.Attention.Select(layer => layer.Rope).OfType<RopeSettings>().Distinct())
        {
            var rotary = new RotaryEmbedding(rope, config.HeadDimension);
            _rotations.Add(rope, new RotationTable(rotary, rope.AttentionFactor));
        }

        _queries = new PassBuffer(config.QueryRows);
        _keyValues = new PassBuffer(2 * config.KeyRows);
    }

    /// <summary>Bytes of keys and values.</summary>
    public long CacheBytes => _cache.Sum(layer => layer.ByteCount);

    /// <summary>Bytes of keys and values of one more token.</summary>
    public long BytesPerPosition => _cache.Sum(layer => layer.BytesPerPosition);

    /// <summary>Begins a pass.</summary>
    /// <param name="start">Position of its first token.</param>
    /// <param name="count">Tokens.</param>
    /// <param name="length">Length of the sequence when all its tokens are there.</param>
    public void Begin(int start, int count, int length)
    {
        (_start, _count) = (start, count);
        _queries.Reserve(count);
        _keyValues.Reserve(count);
        foreach (RotationTable table in _rotations.Values)
        {
            table.Fill(start, count, length);
        }

        if (count >= ManyTokens && (_wide is null || _wide.Capacity < start + count))
        {
            _wide?.Dispose();
            _wide = new Segment<SingleNumbers>(_layout, start + count);
        }
    }

    /// <summary>Mixes the values that each head of each token attends to.</summary>
    /// <param name="index">0-based layer.</param>
    /// <param name="layer">Its weights.</param>
    /// <param name="input">What the layer reads.</param>
    /// <param name="mixed">Gets the values, head after head.</param>
    public void Run(int index, LayerWeights layer, PassBuffer input, PassBuffer mixed)
    {
        _products.Multiply(
            input.Start, _count,
            [
                new MatrixProduct(layer.Query.Matrix, _queries.Start, _queries.Width),
                new MatrixProduct(layer.KeyValue.Matrix, _keyValues.Start, _keyValues.Width),
            ],
            InputPrecision.Word);
        LayerAttention attention = _config.Attention[index];
        RotationTable? rotation = attention.Rope is { } rope ? _rotations[rope] : null;
        KeyValueLayer cache = _cache[index];
        cache.Reserve(_start + _count);
        _products.Pool.Run(_count, ManyTokens, (first, end) =>
        {
            for (int i = first; i < end; i++)
            {
                Prepare(i, layer, attention, rotation);
                cache.Store(_start + i, _keyValues.At(i), _keyValues.At(i) + _config.KeyRows);
            }
        });
        if (_count >= ManyTokens)
        {
            Widen(cache);
        }

        Attend(attention, cache, mixed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (KeyValueLayer layer in _cache)
        {
            layer.Dispose();
        }

        _wide?.Dispose();
        _queries.Dispose();
        _keyValues.Dispose();
    }

    private void Prepare(int index, LayerWeights layer, LayerAttention attention, RotationTable? rotation)
    {
        float* queries = _queries.At(index);
        float* keys = _keyValues.At(index);
        layer.Query.AddBias(queries);
        layer.KeyValue.AddBias(keys);
        Normalize(layer.QueryNorm, queries, _config.QueryRows);
        Normalize(layer.KeyNorm, keys, _config.KeyRows);
        rotation?.Rotate(index, queries, _config.Heads, _config.HeadDimension);
        rotation?.Rotate(index, keys, _config.KeyValueHeads, _config.HeadDimension);
        VectorMath.Scale(queries, (float)attention.Scale, _config.QueryRows);
    }

    // A norm of a head's width takes each head by itself, one of the row's width all of them together.
    private static void Normalize(VectorNorm? norm, float* row, int width)
    {
        for (int i = 0; norm is not null && i < width; i += norm.Width)
        {
            norm.Apply(row + i, row + i);
        }
    }

    private void Widen(KeyValueLayer cache)
    {
        int keyRows = _config.KeyRows;
        _products.Pool.Run(_start + _count, ManyTokens, (first, end) =>
        {
            float* read = stackalloc float[2 * keyRows];
            for (int position = first; position < end; position++)
            {
                float* both = position < _start ? read : _keyValues.At(position - _start);
                if (position < _start)
                {
                    cache.Read(position, read, read + keyRows);
                }

                _wide!.Store(position, both, both + keyRows);
            }
        });
    }

    private void Attend(LayerAttention attention, KeyValueLayer cache, PassBuffer mixed)
    {
        int group = _config.Heads / _config.KeyValueHeads;
        int width = _config.HeadDimension;
        int heads = _config.Heads;
        bool isWide = _count >= ManyTokens;
        var softCap = (float)(_config.AttentionSoftCap ?? 0);
        _products.Pool.Run(_count * heads, isWide ? HeadsAtOnce : 1, (first, end) =>
        {
            for (int item = first; item < end; item++)
            {
                (int head, int index) = (item / _count, item % _count);
                int to = _start + index + 1;
                int from = attention.Window is { } window ? int.Max(0, to - window) : 0;
                float* query = _queries.At(index) + (head * width);
                float* output = mixed.At(index) + (head * width);
                if (isWide)
                {
                    Attend(head / group, query, from, to, softCap, output);
                }
                else
                {
                    cache.Attend(head / group, query, from, to, softCap, output);
                }
            }
        });
    }

    private void Attend(int head, float* query, int from, int to, float softCap, float* output)
    {
        float[] rented = ArrayPool<float>.Shared.Rent(to + HeadLayout.Lanes);
        float* sum = stackalloc float[_layout.PaddedDimension];
        new Span<float>(sum, _layout.PaddedDimension).Clear();
        fixed (float* scores = rented)
        {
            _wide!.Score(head, query, (to + HeadLayout.Lanes - 1) / HeadLayout.Lanes, scores);
            KeyValueLayer.Weigh(scores + from, to - from, softCap);
            _wide.Mix(head, scores, from, to, sum);
        }

        ArrayPool<float>.Shared.Return(rented);
        new ReadOnlySpan<float>(sum, _layout.Dimension).CopyTo(new Span<float>(output, _layout.Dimension));
    }
}
