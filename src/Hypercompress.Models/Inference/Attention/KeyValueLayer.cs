using System.Buffers;
using Hypercompress.Models.Inference.Numerics;

namespace Hypercompress.Models.Inference.Attention;

/// <summary>Keys and values of one layer. Grows by segments; what is stored is never moved.</summary>
internal sealed unsafe class KeyValueLayer : IDisposable
{
    private const int SegmentPositions = 256;

    private readonly HeadLayout _layout;
    private readonly CacheFormat _format;
    private readonly List<ISegment?> _segments = [];

    // Positions of a first segment of their own, which are never forgotten and never in eight bits; 0 for none.
    private readonly int _sinks;
    private int _capacity;

    // The first segment, which has the first positions, is never forgotten.
    private int _nextToForget = 1;

    /// <summary>An empty cache.</summary>
    /// <param name="layout">The heads.</param>
    /// <param name="options">How numbers are held, and whether some are forgotten.</param>
    public KeyValueLayer(HeadLayout layout, CacheOptions options)
    {
        (_layout, _format) = (layout, options.Format);
        _sinks = options.Format == CacheFormat.Byte || options.Tokens is not null ? CacheOptions.Sinks : 0;
    }

    /// <summary>Bytes in memory.</summary>
    public long ByteCount => _segments.Sum(segment => segment?.ByteCount ?? 0);

    /// <summary>Bytes that a further position takes.</summary>
    public long BytesPerPosition => _layout.Heads * _format switch
    {
        CacheFormat.Byte => _layout.Dimension + _layout.PaddedDimension + (2 * sizeof(float)),
        CacheFormat.Single => sizeof(float) * (_layout.Dimension + _layout.PaddedDimension),
        _ => 2 * (_layout.Dimension + _layout.PaddedDimension),
    };

    /// <summary>Makes room.</summary>
    /// <param name="positions">All positions.</param>
    public void Reserve(int positions)
    {
        while (_capacity < positions)
        {
            ISegment segment = NewSegment();
            _segments.Add(segment);
            _capacity += segment.Capacity;
        }
    }

    /// <summary>Frees segments between the first positions and a later one.</summary>
    /// <param name="position">The first position that is still needed.</param>
    public void Forget(int position)
    {
        for (; _nextToForget < _segments.Count && StartOf(_nextToForget + 1) <= position; _nextToForget++)
        {
            _segments[_nextToForget]?.Dispose();
            _segments[_nextToForget] = null;
        }
    }

    /// <summary>Stores the keys and values of a position that there is room for.</summary>
    /// <param name="position">0-based position.</param>
    /// <param name="keys">Rotated keys, head after head.</param>
    /// <param name="values">Values, head after head.</param>
    public void Store(int position, float* keys, float* values)
    {
        int index = SegmentOf(position);
        At(index).Store(position - StartOf(index), keys, values);
    }

    /// <summary>Reads what was stored.</summary>
    /// <param name="position">0-based position.</param>
    /// <param name="keys">Gets the keys.</param>
    /// <param name="values">Gets the values.</param>
    public void Read(int position, float* keys, float* values)
    {
        int index = SegmentOf(position);
        At(index).Read(position - StartOf(index), keys, values);
    }

    /// <summary>Attends from one head at one position.</summary>
    /// <param name="head">Key/value head.</param>
    /// <param name="query">The query, scaled.</param>
    /// <param name="sinkQuery">
    /// The query to the first positions, where these are seen beside those from <paramref name="from"/> on; else null.
    /// </param>
    /// <param name="from">First position that is seen.</param>
    /// <param name="to">Position after the last that is seen.</param>
    /// <param name="softCap">Cap of the products; 0 for none.</param>
    /// <param name="output">Gets the mixed values.</param>
    public void Attend(int head, float* query, float* sinkQuery, int from, int to, float softCap, float* output)
    {
        (int first, int last) = (SegmentOf(from), SegmentOf(to - 1));
        int start = StartOf(first);
        int sinks = sinkQuery is null ? 0 : _sinks;
        float[] rented = ArrayPool<float>.Shared.Rent(to - start + SegmentPositions + HeadLayout.Lanes);
        float* sum = stackalloc float[_layout.PaddedDimension];
        new Span<float>(sum, _layout.PaddedDimension).Clear();
        fixed (float* scores = &rented[HeadLayout.Lanes])
        {
            for (int index = first; index <= last; index++)
            {
                int count = int.Min(to - StartOf(index), At(index).Capacity);
                int groups = (count + HeadLayout.Lanes - 1) / HeadLayout.Lanes;
                At(index).Score(head, query, groups, scores + StartOf(index) - start);
            }

            float* seen = scores + from - start - sinks;
            ScoreSinks(head, sinkQuery, seen);
            Weigh(seen, to - from + sinks, softCap);
            if (sinks > 0)
            {
                At(0).Mix(head, seen, 0, sinks, sum);
            }

            for (int index = first; index <= last; index++)
            {
                int begin = StartOf(index);
                int end = int.Min(to - begin, At(index).Capacity);
                At(index).Mix(head, scores + begin - start, int.Max(from - begin, 0), end, sum);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
        new ReadOnlySpan<float>(sum, _layout.Dimension).CopyTo(new Span<float>(output, _layout.Dimension));
    }

    /// <inheritdoc/>
    public void Dispose() => _segments.ForEach(segment => segment?.Dispose());

    /// <summary>Turns products into weights.</summary>
    internal static void Weigh(float* scores, int count, float softCap)
    {
        if (softCap > 0)
        {
            VectorMath.SoftCap(scores, softCap, count);
        }

        VectorMath.Softmax(scores, count);
    }

    private void ScoreSinks(int head, float* query, float* seen)
    {
        if (query is not null)
        {
            float* scores = stackalloc float[HeadLayout.Lanes];
            At(0).Score(head, query, 1, scores);
            new ReadOnlySpan<float>(scores, _sinks).CopyTo(new Span<float>(seen, _sinks));
        }
    }

    private ISegment At(int index) =>
        _segments[index] ?? throw new InvalidOperationException($"segment {index} of the cache is forgotten");

    private ISegment NewSegment()
    {
        bool isFirst = _sinks > 0 && _segments.Count == 0;
        int positions = isFirst ? _sinks : SegmentPositions;
        return _format switch
        {
            CacheFormat.Single => new Segment<SingleNumbers>(_layout, positions),
            CacheFormat.Byte when !isFirst => new Segment<ByteNumbers>(_layout, positions),
            _ => new Segment<HalfNumbers>(_layout, positions),
        };
    }

    private int SegmentOf(int position) => _sinks == 0
        ? position / SegmentPositions
        : position < _sinks ? 0 : 1 + ((position - _sinks) / SegmentPositions);

    private int StartOf(int segment) => _sinks == 0
        ? segment * SegmentPositions
        : segment == 0 ? 0 : _sinks + ((segment - 1) * SegmentPositions);
}
