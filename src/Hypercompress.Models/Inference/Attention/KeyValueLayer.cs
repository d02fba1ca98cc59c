using System.Buffers;
using Hypercompress.Models.Inference.Numerics;

namespace Hypercompress.Models.Inference.Attention;

/// <summary>Keys and values of one layer. Grows by segments; what is stored is never moved.</summary>
internal sealed unsafe class KeyValueLayer : IDisposable
{
    private const int SegmentPositions = 256;
    private const int FirstInHalf = 4;

    private readonly HeadLayout _layout;
    private readonly CacheFormat _format;
    private readonly List<ISegment> _segments = [];
    private readonly int _before;

    /// <summary>An empty cache.</summary>
    /// <param name="layout">The heads.</param>
    /// <param name="format">How numbers are held.</param>
    public KeyValueLayer(HeadLayout layout, CacheFormat format)
    {
        (_layout, _format) = (layout, format);
        _before = format == CacheFormat.Byte ? FirstInHalf : 0;
    }

    /// <summary>Bytes in memory.</summary>
    public long ByteCount => _segments.Sum(segment => segment.ByteCount);

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
        while (Capacity < positions)
        {
            _segments.Add(NewSegment());
        }
    }

    /// <summary>Stores the keys and values of a position that there is room for.</summary>
    /// <param name="position">0-based position.</param>
    /// <param name="keys">Rotated keys, head after head.</param>
    /// <param name="values">Values, head after head.</param>
    public void Store(int position, float* keys, float* values)
    {
        int index = SegmentOf(position);
        _segments[index].Store(position - StartOf(index), keys, values);
    }

    /// <summary>Reads what was stored.</summary>
    /// <param name="position">0-based position.</param>
    /// <param name="keys">Gets the keys.</param>
    /// <param name="values">Gets the values.</param>
    public void Read(int position, float* keys, float* values)
    {
        int index = SegmentOf(position);
        _segments[index].Read(position - StartOf(index), keys, values);
    }

    /// <summary>Attends from one head at one position.</summary>
    /// <param name="head">Key/value head.</param>
    /// <param name="query">The query, scaled.</param>
    /// <param name="from">First position that is seen.</param>
    /// <param name="to">Position after the last that is seen.</param>
    /// <param name="softCap">Cap of the products; 0 for none.</param>
    /// <param name="output">Gets the mixed values.</param>
    public void Attend(int head, float* query, int from, int to, float softCap, float* output)
    {
        (int first, int last) = (SegmentOf(from), SegmentOf(to - 1));
        int start = StartOf(first);
        float[] rented = ArrayPool<float>.Shared.Rent(to - start + SegmentPositions);
        float* sum = stackalloc float[_layout.PaddedDimension];
        new Span<float>(sum, _layout.PaddedDimension).Clear();
        fixed (float* scores = rented)
        {
            for (int index = first; index <= last; index++)
            {
                int count = int.Min(to - StartOf(index), _segments[index].Capacity);
                int groups = (count + HeadLayout.Lanes - 1) / HeadLayout.Lanes;
                _segments[index].Score(head, query, groups, scores + StartOf(index) - start);
            }

            Weigh(scores + from - start, to - from, softCap);
            for (int index = first; index <= last; index++)
            {
                int begin = StartOf(index);
                _segments[index].Mix(
                    head, scores + begin - start, int.Max(from - begin, 0),
                    int.Min(to - begin, _segments[index].Capacity), sum);
            }
        }

        ArrayPool<float>.Shared.Return(rented);
        new ReadOnlySpan<float>(sum, _layout.Dimension).CopyTo(new Span<float>(output, _layout.Dimension));
    }

    /// <inheritdoc/>
    public void Dispose() => _segments.ForEach(segment => segment.Dispose());

    /// <summary>Turns products into weights.</summary>
    internal static void Weigh(float* scores, int count, float softCap)
    {
        if (softCap > 0)
        {
            VectorMath.SoftCap(scores, softCap, count);
        }

        VectorMath.Softmax(scores, count);
    }

    private ISegment NewSegment() => _format switch
    {
        CacheFormat.Single => new Segment<SingleNumbers>(_layout, SegmentPositions),
        CacheFormat.Byte when _segments.Count > 0 => new Segment<ByteNumbers>(_layout, SegmentPositions),
        CacheFormat.Byte => new Segment<HalfNumbers>(_layout, FirstInHalf),
        _ => new Segment<HalfNumbers>(_layout, SegmentPositions),
    };

    private int Capacity => _segments.Sum(segment => segment.Capacity);

    private int SegmentOf(int position) => _before == 0
        ? position / SegmentPositions
        : position < _before ? 0 : 1 + ((position - _before) / SegmentPositions);

    private int StartOf(int segment) => _before == 0
        ? segment * SegmentPositions
        : segment == 0 ? 0 : _before + ((segment - 1) * SegmentPositions);
}
