using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels;

namespace Hypercompress.Models.Inference.Attention;

/// <summary>
/// Keys and values of some consecutive positions. Keys of eight positions are interleaved, so that the products of a
/// query with them stand in the lanes of a vector; values of a position follow each other.
/// </summary>
/// <typeparam name="TNumbers">How numbers are held.</typeparam>
internal sealed unsafe class Segment<TNumbers> : ISegment
    where TNumbers : struct, ICacheNumbers
{
    private readonly HeadLayout _layout;
    private readonly int _room;
    private readonly AlignedMemory _keys;
    private readonly AlignedMemory _values;
    private readonly AlignedMemory _keyScales;
    private readonly AlignedMemory _valueScales;

    /// <summary>Reserves a segment.</summary>
    /// <param name="layout">The heads.</param>
    /// <param name="capacity">Positions.</param>
    public Segment(HeadLayout layout, int capacity)
    {
        (_layout, Capacity) = (layout, capacity);
        _room = (capacity + HeadLayout.Lanes - 1) / HeadLayout.Lanes * HeadLayout.Lanes;
        long positions = (long)layout.Heads * _room;
        _keys = new AlignedMemory(positions * layout.Dimension * TNumbers.Bytes);
        _values = new AlignedMemory(positions * layout.PaddedDimension * TNumbers.Bytes);
        _keyScales = AlignedMemory.Of<float>(TNumbers.HasScale ? positions : 0);
        _valueScales = AlignedMemory.Of<float>(TNumbers.HasScale ? positions : 0);
    }

    /// <inheritdoc/>
    public int Capacity { get; }

    /// <inheritdoc/>
    public long ByteCount =>
        _keys.ByteCount + _values.ByteCount + _keyScales.ByteCount + _valueScales.ByteCount;

    /// <inheritdoc/>
    public void Store(int place, float* keys, float* values)
    {
        int width = _layout.Dimension;
        for (int head = 0; head < _layout.Heads; head++)
        {
            float keyStep = TNumbers.Step(keys, width);
            float valueStep = TNumbers.Step(values, width);
            byte* group = KeyGroup(head, place / HeadLayout.Lanes);
            byte* row = ValueRow(head, place);
            for (int i = 0; i < width; i++)
            {
                TNumbers.Put(group, (i * HeadLayout.Lanes) + (place % HeadLayout.Lanes), keys[i], keyStep);
                TNumbers.Put(row, i, values[i], valueStep);
            }

            if (TNumbers.HasScale)
            {
                _keyScales.As<float>()[(head * _room) + place] = keyStep;
                _valueScales.As<float>()[(head * _room) + place] = valueStep;
            }

            keys += width;
            values += width;
        }
    }

    /// <inheritdoc/>
    public void Read(int place, float* keys, float* values)
    {
        int width = _layout.Dimension;
        for (int head = 0; head < _layout.Heads; head++)
        {
            byte* group = KeyGroup(head, place / HeadLayout.Lanes);
            byte* row = ValueRow(head, place);
            float keyStep = TNumbers.HasScale ? _keyScales.As<float>()[(head * _room) + place] : 1;
            float valueStep = TNumbers.HasScale ? _valueScales.As<float>()[(head * _room) + place] : 1;
            for (int i = 0; i < width; i++)
            {
                keys[i] = keyStep * TNumbers.Get(group, (i * HeadLayout.Lanes) + (place % HeadLayout.Lanes));
                values[i] = valueStep * TNumbers.Get(row, i);
            }

            keys += width;
            values += width;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Score(int head, float* query, int groups, float* scores)
    {
        int width = _layout.Dimension;
        for (int group = 0; group < groups; group++)
        {
            byte* keys = KeyGroup(head, group);
            Vector256<float> even = Vector256<float>.Zero;
            Vector256<float> odd = even;
            int i = 0;
            for (; i + 2 <= width; i += 2)
            {
                even = Vector256.FusedMultiplyAdd(
                    TNumbers.Load(keys, i * HeadLayout.Lanes), Vector256.Create(query[i]), even);
                odd = Vector256.FusedMultiplyAdd(
                    TNumbers.Load(keys, (i + 1) * HeadLayout.Lanes), Vector256.Create(query[i + 1]), odd);
            }

            if (i < width)
            {
                even = Vector256.FusedMultiplyAdd(
                    TNumbers.Load(keys, i * HeadLayout.Lanes), Vector256.Create(query[i]), even);
            }

            Vector256<float> products = even + odd;
            if (TNumbers.HasScale)
            {
                products *= Vector256.Load(_keyScales.As<float>() + (head * _room) + (group * HeadLayout.Lanes));
            }

            products.Store(scores + (group * HeadLayout.Lanes));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Mix(int head, float* weights, int from, int to, float* sum)
    {
        float* scales = _valueScales.As<float>() + (TNumbers.HasScale ? head * _room : 0);
        int width = _layout.PaddedDimension;
        for (int i = 0; i < width; i += 4 * HeadLayout.Lanes)
        {
            int vectors = int.Min(4, (width - i) / HeadLayout.Lanes);
            Vector256<float> s0 = Vector256.Load(sum + i);
            Vector256<float> s1 = vectors > 1 ? Vector256.Load(sum + i + 8) : s0;
            Vector256<float> s2 = vectors > 2 ? Vector256.Load(sum + i + 16) : s0;
            Vector256<float> s3 = vectors > 3 ? Vector256.Load(sum + i + 24) : s0;
            for (int place = from; place < to; place++)
            {
                byte* row = ValueRow(head, place);
                Vector256<float> weight = Vector256.Create(
                    TNumbers.HasScale ? weights[place] * scales[place] : weights[place]);
                s0 = Vector256.FusedMultiplyAdd(TNumbers.Load(row, i), weight, s0);
                s1 = vectors > 1 ? Vector256.FusedMultiplyAdd(TNumbers.Load(row, i + 8), weight, s1) : s1;
                s2 = vectors > 2 ? Vector256.FusedMultiplyAdd(TNumbers.Load(row, i + 16), weight, s2) : s2;
                s3 = vectors > 3 ? Vector256.FusedMultiplyAdd(TNumbers.Load(row, i + 24), weight, s3) : s3;
            }

            s0.Store(sum + i);
            if (vectors > 1)
            {
                s1.Store(sum + i + 8);
            }

            if (vectors > 2)
            {
                s2.Store(sum + i + 16);
            }

            if (vectors > 3)
            {
                s3.Store(sum + i + 24);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _keys.Dispose();
        _values.Dispose();
        _keyScales.Dispose();
        _valueScales.Dispose();
    }

    private byte* KeyGroup(int head, int group) => _keys.As<byte>()
        + ((((long)head * _room) + (group * HeadLayout.Lanes)) * _layout.Dimension * TNumbers.Bytes);

    private byte* ValueRow(int head, int place) => _values.As<byte>()
        + ((((long)head * _room) + place) * _layout.PaddedDimension * TNumbers.Bytes);
}
