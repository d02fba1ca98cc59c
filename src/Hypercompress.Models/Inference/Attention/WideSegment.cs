using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels;

namespace Hypercompress.Models.Inference.Attention;

/// <summary>
/// Keys and values of all positions of a layer in single precision, for the time of a pass of many tokens. Four queries
/// at a time attend to them.
/// </summary>
internal sealed unsafe class WideSegment : IDisposable
{
    /// <summary>Queries that attend at once.</summary>
    public const int Tile = 4;

    private const int Lanes = HeadLayout.Lanes;

    private readonly HeadLayout _layout;
    private readonly int _groups;
    private readonly AlignedMemory _keys;
    private readonly AlignedMemory _values;

    /// <summary>Reserves a segment.</summary>
    /// <param name="layout">The heads.</param>
    /// <param name="capacity">Positions.</param>
    public WideSegment(HeadLayout layout, int capacity)
    {
        (_layout, Capacity, _groups) = (layout, capacity, ScoresFor(capacity) / Lanes);
        long positions = (long)layout.Heads * _groups * Lanes;
        _keys = AlignedMemory.Of<float>(positions * layout.Dimension);
        _values = AlignedMemory.Of<float>(positions * layout.PaddedDimension);
    }

    /// <summary>How many positions fit.</summary>
    public int Capacity { get; }

    /// <summary>Numbers of a query's scores: positions, filled up to pairs of whole vectors.</summary>
    /// <param name="positions">How many positions.</param>
    public static int ScoresFor(int positions) => (positions + (2 * Lanes) - 1) / (2 * Lanes) * 2 * Lanes;

    /// <summary>Stores the keys and values of a position.</summary>
    /// <param name="position">0-based position.</param>
    /// <param name="keys">Rotated keys, head after head.</param>
    /// <param name="values">Values, head after head.</param>
    public void Store(int position, float* keys, float* values)
    {
        int width = _layout.Dimension;
        for (int head = 0; head < _layout.Heads; head++, keys += width, values += width)
        {
            float* group = Keys(head, position / Lanes) + (position % Lanes);
            for (int i = 0; i < width; i++)
            {
                group[i * Lanes] = keys[i];
            }

            new ReadOnlySpan<float>(values, width).CopyTo(new Span<float>(Values(head, position), width));
        }
    }

    /// <summary>Products of queries with the keys of a head.</summary>
    /// <param name="head">Key/value head.</param>
    /// <param name="queries"><see cref="Tile"/> queries.</param>
    /// <param name="from">First position.</param>
    /// <param name="to">Position after the last.</param>
    /// <param name="scores">Gets a number for each position from 0 on, those before <paramref name="from"/>
    /// undefined; those of the next query <paramref name="stride"/> further.</param>
    /// <param name="stride"><see cref="ScoresFor"/> of <paramref name="to"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Score(int head, float** queries, int from, int to, float* scores, int stride)
    {
        float* q0 = queries[0];
        float* q1 = queries[1];
        float* q2 = queries[2];
        float* q3 = queries[3];
        int width = _layout.Dimension;
        int step = width * Lanes;
        for (int first = from / (2 * Lanes) * 2 * Lanes; first < to; first += 2 * Lanes)
        {
            float* keys = Keys(head, first / Lanes);
            Vector256<float> a0 = Vector256<float>.Zero;
            (Vector256<float> a1, Vector256<float> a2, Vector256<float> a3) = (a0, a0, a0);
            (Vector256<float> b0, Vector256<float> b1, Vector256<float> b2, Vector256<float> b3) = (a0, a0, a0, a0);
            for (int i = 0; i < width; i++, keys += Lanes)
            {
                Vector256<float> a = Vector256.Load(keys);
                Vector256<float> b = Vector256.Load(keys + step);
                Vector256<float> q = Vector256.Create(q0[i]);
                (a0, b0) = (Vector256.FusedMultiplyAdd(a, q, a0), Vector256.FusedMultiplyAdd(b, q, b0));
                q = Vector256.Create(q1[i]);
                (a1, b1) = (Vector256.FusedMultiplyAdd(a, q, a1), Vector256.FusedMultiplyAdd(b, q, b1));
                q = Vector256.Create(q2[i]);
                (a2, b2) = (Vector256.FusedMultiplyAdd(a, q, a2), Vector256.FusedMultiplyAdd(b, q, b2));
                q = Vector256.Create(q3[i]);
                (a3, b3) = (Vector256.FusedMultiplyAdd(a, q, a3), Vector256.FusedMultiplyAdd(b, q, b3));
            }

            float* target = scores + first;
            Put(target, a0, b0);
            Put(target + stride, a1, b1);
            Put(target + (2 * stride), a2, b2);
            Put(target + (3 * stride), a3, b3);
        }
    }

    /// <summary>Weighted sums of the values of a head.</summary>
    /// <param name="head">Key/value head.</param>
    /// <param name="weights">A number for each position; those of the next query <paramref name="stride"/>
    /// further.</param>
    /// <param name="stride">From one query's weights to the next's.</param>
    /// <param name="from">First position.</param>
    /// <param name="to">Position after the last.</param>
    /// <param name="sums">Gets <see cref="HeadLayout.PaddedDimension"/> numbers a query.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Mix(int head, float* weights, int stride, int from, int to, float* sums)
    {
        int width = _layout.PaddedDimension;
        for (int i = 0; i < width; i += 2 * Lanes)
        {
            // The last vector of an odd number of vectors is taken twice.
            int second = int.Min(i + Lanes, width - Lanes) - i;
            float* values = Values(head, from) + i;
            float* weight = weights + from;
            Vector256<float> a0 = Vector256<float>.Zero;
            (Vector256<float> a1, Vector256<float> a2, Vector256<float> a3) = (a0, a0, a0);
            (Vector256<float> b0, Vector256<float> b1, Vector256<float> b2, Vector256<float> b3) = (a0, a0, a0, a0);
            for (int position = from; position < to; position++, values += width, weight++)
            {
                Vector256<float> a = Vector256.Load(values);
                Vector256<float> b = Vector256.Load(values + second);
                Vector256<float> w = Vector256.Create(weight[0]);
                (a0, b0) = (Vector256.FusedMultiplyAdd(a, w, a0), Vector256.FusedMultiplyAdd(b, w, b0));
                w = Vector256.Create(weight[stride]);
                (a1, b1) = (Vector256.FusedMultiplyAdd(a, w, a1), Vector256.FusedMultiplyAdd(b, w, b1));
                w = Vector256.Create(weight[2 * stride]);
                (a2, b2) = (Vector256.FusedMultiplyAdd(a, w, a2), Vector256.FusedMultiplyAdd(b, w, b2));
                w = Vector256.Create(weight[3 * stride]);
                (a3, b3) = (Vector256.FusedMultiplyAdd(a, w, a3), Vector256.FusedMultiplyAdd(b, w, b3));
            }

            Put(sums + i, a0, b0, second);
            Put(sums + width + i, a1, b1, second);
            Put(sums + (2 * width) + i, a2, b2, second);
            Put(sums + (3 * width) + i, a3, b3, second);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
    }

    private static void Put(float* target, Vector256<float> a, Vector256<float> b, int second = Lanes)
    {
        a.Store(target);
        b.Store(target + second);
    }

    private float* Keys(int head, int group) =>
        _keys.As<float>() + ((((long)head * _groups) + group) * _layout.Dimension * Lanes);

    private float* Values(int head, int position) =>
        _values.As<float>() + ((((long)head * _groups * Lanes) + position) * _layout.PaddedDimension);
}
