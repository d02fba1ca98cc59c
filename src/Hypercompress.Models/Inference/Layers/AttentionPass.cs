using System.Buffers;
using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Inference.Numerics;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Models.Inference.Layers;

/// <summary>The attention of all layers of one sequence.</summary>
internal sealed unsafe class AttentionPass : IDisposable
{
    /// <summary>From so many tokens on, converting the cache to float32 once costs less than for every token.</summary>
    public const int ManyTokens = 8;

    private readonly DecoderConfig _config;
    private readonly MatrixProducts _products;
    private readonly HeadLayout _layout;
    private readonly CacheOptions _options;
    private readonly AttentionCache _cache;
    private readonly Rotations _rotations;
    private readonly PassBuffer _sinkQueries;
    private WideSegment? _wide;
    private AttentionRows? _rows;
    private int _start;
    private int _count;

    /// <summary>Prepares an empty cache.</summary>
    public AttentionPass(
        DecoderConfig config, ImmutableArray<LayerWeights> layers, MatrixProducts products, CacheOptions options)
    {
        (_config, _products, _options) = (config, products, options);
        _layout = new HeadLayout(config.KeyValueHeads, config.HeadDimension);
        _cache = new AttentionCache(config, layers, products, options);
        _rotations = new Rotations(config, options.Tokens, _cache.HasLatents);
        _sinkQueries = new PassBuffer(config.QueryRows);
    }

    /// <summary>Bytes of keys and values, or of latents.</summary>
    public long CacheBytes => _cache.ByteCount;

    /// <summary>The same for one more token.</summary>
    public long BytesPerPosition => _cache.BytesPerPosition;

    // Where tokens are forgotten, no copy of all of them is made.
    private bool IsWide => _count >= ManyTokens && _options.Tokens is null;

    private AttentionRows Rows => _rows!;

    /// <summary>Begins a pass.</summary>
    /// <param name="rows">The rows of its tokens.</param>
    /// <param name="start">Position of its first token.</param>
    /// <param name="length">Length of the sequence when all its tokens are there.</param>
    public void Begin(AttentionRows rows, int start, int length)
    {
        int count = rows.Count;
        (_rows, _start, _count) = (rows, start, count);
        _sinkQueries.Reserve(count);
        _cache.Begin(start, count, _config.Attention.Min(attention => First(attention, start)));
        _rotations.Begin(start, count, length);
        if (IsWide && (_wide is null || _wide.Capacity < start + count))
        {
            _wide?.Dispose();
            _wide = new WideSegment(_layout, start + count);
        }
    }

    /// <summary>Mixes the values that each head of each token attends to.</summary>
    /// <param name="index">0-based layer.</param>
    /// <param name="layer">Its weights, by which the inputs were multiplied.</param>
    public void Run(int index, LayerWeights layer)
    {
        LayerAttention attention = _config.Attention[index];
        KeyValueLayer cache;
        if (layer.KeyValueFactors is not null)
        {
            cache = _cache.Unfold(
                index, layer, Rows, _rotations.All(attention), IsWide ? _wide : null, First(attention, _start));
            Each(i => PrepareQueries(i, layer, attention));
        }
        else
        {
            cache = _cache.KeyValues(index);
            Each(i =>
            {
                PrepareQueries(i, layer, attention);
                float* keys = Rows.KeyValues(i);
                layer.PrepareKeys(_config, keys, _rotations.New(attention), i);
                cache.Store(_start + i, keys, keys + _config.KeyRows);
            });
            if (IsWide)
            {
                FillWide(cache);
            }
        }

        Attend(attention, cache);
        _cache.Forget(index, First(attention, _start + _count));
    }

    /// <summary>Frees what only passes need.</summary>
    public void Release()
    {
        _wide?.Dispose();
        _wide = null;
        _sinkQueries.Release();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        _wide?.Dispose();
        _sinkQueries.Dispose();
    }

    private void Each(Action<int> action) => _products.Pool.Run(_count, ManyTokens, (first, end) =>
    {
        for (int i = first; i < end; i++)
        {
            action(i);
        }
    });

    private void PrepareQueries(int index, LayerWeights layer, LayerAttention attention)
    {
        float* queries = Rows.Queries(index);
        layer.Query.AddBias(queries);
        layer.QueryNorm?.ApplyEach(queries, _config.QueryRows);
        VectorMath.Scale(queries, (float)attention.Scale, _config.QueryRows);
        if (SeesSinks(attention, _start + index))
        {
            new ReadOnlySpan<float>(queries, _config.QueryRows)
                .CopyTo(new Span<float>(_sinkQueries.At(index), _config.QueryRows));
            _rotations.ToSinks(attention)?.Rotate(0, _sinkQueries.At(index), _config.Heads, _config.HeadDimension);
        }

        _rotations.New(attention)?.Rotate(index, queries, _config.Heads, _config.HeadDimension);
    }

    // The first of the positions that a token sees in a row; the very first may come before it.
    private int First(LayerAttention attention, int position)
    {
        int? width = attention.Window is { } window
            ? int.Min(window, _options.Tokens ?? window)
            : SeesSinks(attention, position) ? _options.Tokens - CacheOptions.Sinks : null;
        return width is { } seen ? int.Max(0, position + 1 - seen) : 0;
    }

    private bool SeesSinks(LayerAttention attention, int position) =>
        attention.Window is null && _options.Tokens is { } tokens && position >= tokens;

    private void FillWide(KeyValueLayer cache)
    {
        int keyRows = _config.KeyRows;
        _products.Pool.Run(_start + _count, ManyTokens, (first, end) =>
        {
            float* read = stackalloc float[2 * keyRows];
            for (int position = first; position < end; position++)
            {
                float* both = position < _start ? read : Rows.KeyValues(position - _start);
                if (position < _start)
                {
                    cache.Read(position, read, read + keyRows);
                }

                _wide!.Store(position, both, both + keyRows);
            }
        });
    }

    private void Attend(LayerAttention attention, KeyValueLayer cache)
    {
        if (IsWide)
        {
            AttendWide(attention);
            return;
        }

        int group = _config.Heads / _config.KeyValueHeads;
        (int width, int heads) = (_config.HeadDimension, _config.Heads);
        var softCap = (float)(_config.AttentionSoftCap ?? 0);
        _products.Pool.Run(_count * heads, 1, (first, end) =>
        {
            for (int item = first; item < end; item++)
            {
                (int head, int index) = (item / _count, item % _count);
                int position = _start + index;
                int from = First(attention, position);
                float* query = Rows.Queries(index) + (head * width);
                float* sinkQuery = SeesSinks(attention, position) ? _sinkQueries.At(index) + (head * width) : null;
                float* output = Rows.Mixed(index) + (head * width);
                cache.Attend(head / group, query, sinkQuery, from, position + 1, softCap, output);
            }
        });
    }

    // Neighbouring tokens see nearly the same positions: what is loaded of these serves several of them.
    private void AttendWide(LayerAttention attention)
    {
        int tiles = (_count + WideSegment.Tile - 1) / WideSegment.Tile;
        _products.Pool.Run(_config.Heads * tiles, 1, (first, end) =>
        {
            for (int item = first; item < end; item++)
            {
                AttendTile(attention, item / tiles, item % tiles * WideSegment.Tile);
            }
        });
    }

    private void AttendTile(LayerAttention attention, int head, int index)
    {
        int keyHead = head / (_config.Heads / _config.KeyValueHeads);
        int offset = head * _config.HeadDimension;
        int count = int.Min(WideSegment.Tile, _count - index);
        int to = _start + index + count;
        int from = First(attention, _start + index);
        int stride = WideSegment.ScoresFor(to);
        float** queries = stackalloc float*[WideSegment.Tile];
        float* sums = stackalloc float[WideSegment.Tile * _layout.PaddedDimension];
        for (int i = 0; i < WideSegment.Tile; i++)
        {
            queries[i] = Rows.Queries(index + int.Min(i, count - 1)) + offset;
        }

        float[] rented = ArrayPool<float>.Shared.Rent(WideSegment.Tile * stride);
        fixed (float* scores = rented)
        {
            _wide!.Score(keyHead, queries, from, to, scores, stride);
            for (int i = 0; i < WideSegment.Tile; i++)
            {
                int position = _start + index + int.Min(i, count - 1);
                Weigh(scores + (i * stride), from, First(attention, position), position + 1, to);
            }

            _wide.Mix(keyHead, scores, stride, from, to, sums);
        }

        ArrayPool<float>.Shared.Return(rented);
        for (int i = 0; i < count; i++)
        {
            new ReadOnlySpan<float>(sums + (i * _layout.PaddedDimension), _layout.Dimension)
                .CopyTo(new Span<float>(Rows.Mixed(index + i) + offset, _layout.Dimension));
        }
    }

    // Turns scores of the positions from..to, which a token sees, into weights; those that only others of the tile see
    // get weight 0.
    private void Weigh(float* scores, int tileFrom, int from, int to, int tileTo)
    {
        KeyValueLayer.Weigh(scores + from, to - from, (float)(_config.AttentionSoftCap ?? 0));
        new Span<float>(scores + tileFrom, from - tileFrom).Clear();
        new Span<float>(scores + to, tileTo - to).Clear();
    }
}
