using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// Input vectors as whole numbers −127 to 127 with a scale for every 32: the numbers that codes are multiplied by.
/// Their rounding errors may be kept in the same form, as <see cref="Count"/> more inputs behind them.
/// </summary>
internal sealed unsafe class QuantizedInput : IDisposable
{
    /// <summary>Inputs that kernels take at once.</summary>
    public const int Tile = 4;

    private const float Largest = 127;

    private AlignedMemory _codes = new(0);
    private AlignedMemory _scales = new(0);
    private AlignedMemory _sums = new(0);
    private AlignedMemory _totals = new(0);
    private int _blocks;

    /// <summary>Number of inputs.</summary>
    public int Count { get; private set; }

    /// <summary>Whether rounding errors are kept: that of input i as input <see cref="Count"/> + i.</summary>
    public bool HasRests { get; private set; }

    /// <summary>The numbers of an input, filled up with zeros to whole blocks.</summary>
    /// <param name="index">0-based input.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public sbyte* Codes(int index) => _codes.As<sbyte>() + ((long)index * _blocks * PanelShape.Columns);

    /// <summary>The scales of an input's blocks; those of the next input follow.</summary>
    /// <param name="index">0-based input.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Scales(int index) => _scales.As<float>() + ((long)index * _blocks);

    /// <summary>
    /// The sum of each of an input's blocks and of its second half; those of the next input follow.
    /// </summary>
    /// <param name="index">0-based input.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int* Sums(int index) => _sums.As<int>() + ((long)index * _blocks * 2);

    /// <summary>The sums of an input's blocks times their scales; those of the next input follow.</summary>
    /// <param name="index">0-based input.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public float* Totals(int index) => _totals.As<float>() + ((long)index * _blocks);

    /// <summary>Makes room.</summary>
    /// <param name="count">Number of inputs.</param>
    /// <param name="columns">Numbers of each.</param>
    /// <param name="hasRests">Whether what rounding leaves over is kept.</param>
    public void Resize(int count, int columns, bool hasRests)
    {
        (Count, HasRests) = (count, hasRests);
        _blocks = (columns + PanelShape.Columns - 1) / PanelShape.Columns;
        long blocks = (hasRests ? 2L : 1L) * count * _blocks;
        Grow(ref _codes, blocks * PanelShape.Columns);
        Grow(ref _scales, blocks * sizeof(float));
        Grow(ref _sums, blocks * 2 * sizeof(int));
        Grow(ref _totals, blocks * sizeof(float));
    }

    /// <summary>Quantizes one input.</summary>
    /// <param name="index">Which one.</param>
    /// <param name="x">Its numbers.</param>
    /// <param name="factors">What each number is multiplied by before; null for 1.</param>
    /// <param name="columns">How many numbers.</param>
    public void Set(int index, float* x, float* factors, int columns)
    {
        float* rest = stackalloc float[PanelShape.Columns];
        float* block = stackalloc float[PanelShape.Columns];
        for (int b = 0; b < _blocks; b++)
        {
            int first = b * PanelShape.Columns;
            int count = int.Min(PanelShape.Columns, columns - first);
            float* source = x + first;
            if (factors is not null || count < PanelShape.Columns)
            {
                Scale(block, source, factors is null ? null : factors + first, count);
                source = block;
            }

            Quantize(source, index, b);
            if (HasRests)
            {
                Subtract(rest, source, Codes(index) + first, Scales(index)[b]);
                Quantize(rest, Count + index, b);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _codes.Dispose();
        _scales.Dispose();
        _sums.Dispose();
        _totals.Dispose();
    }

    private static void Grow(ref AlignedMemory memory, long bytes)
    {
        if (memory.ByteCount < bytes)
        {
            memory.Dispose();
            memory = new AlignedMemory(bytes);
        }
    }

    private static void Scale(float* block, float* x, float* factors, int count)
    {
        int i = 0;
        for (; factors is not null && i + Vector256<float>.Count <= count; i += Vector256<float>.Count)
        {
            (Vector256.Load(x + i) * Vector256.Load(factors + i)).Store(block + i);
        }

        for (; i < count; i++)
        {
            block[i] = factors is null ? x[i] : x[i] * factors[i];
        }

        new Span<float>(block + count, PanelShape.Columns - count).Clear();
    }

    private static void Subtract(float* rest, float* x, sbyte* codes, float scale)
    {
        for (int i = 0; i < PanelShape.Columns; i += Vector256<float>.Count)
        {
            Vector128<short> eight = Vector128.WidenLower(Vector128.CreateScalar(*(long*)(codes + i)).AsSByte());
            Vector256<float> taken = Vector256.ConvertToSingle(
                Vector256.Create(Vector128.WidenLower(eight), Vector128.WidenUpper(eight)));
            (Vector256.Load(x + i) - (taken * Vector256.Create(scale))).Store(rest + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Quantize(float* x, int index, int block)
    {
        sbyte* codes = Codes(index) + (block * PanelShape.Columns);
        int* sums = Sums(index) + (2 * block);
        Vector256<float> x0 = Vector256.Load(x);
        Vector256<float> x1 = Vector256.Load(x + 8);
        Vector256<float> x2 = Vector256.Load(x + 16);
        Vector256<float> x3 = Vector256.Load(x + 24);
        Vector256<float> most = Vector256.Max(
            Vector256.Max(Vector256.Abs(x0), Vector256.Abs(x1)), Vector256.Max(Vector256.Abs(x2), Vector256.Abs(x3)));
        float largest = LargestOf(most);
        float inverse = largest > 0 ? Largest / largest : 0;
        float scale = largest / Largest;
        Vector256<int> q0 = Round(x0, inverse);
        Vector256<int> q1 = Round(x1, inverse);
        Vector256<int> q2 = Round(x2, inverse);
        Vector256<int> q3 = Round(x3, inverse);
        Vector256.Narrow(Vector256.Narrow(q0, q1), Vector256.Narrow(q2, q3)).Store(codes);
        sums[1] = Vector256.Sum(q2 + q3);
        sums[0] = Vector256.Sum(q0 + q1) + sums[1];
        Scales(index)[block] = scale;
        Totals(index)[block] = scale * sums[0];
    }

    private static float LargestOf(Vector256<float> values)
    {
        Vector128<float> four = Vector128.Max(values.GetLower(), values.GetUpper());
        Vector128<float> two = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return MathF.Max(two.ToScalar(), two.GetElement(1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Round(Vector256<float> x, float inverse) =>
        Vector256.ConvertToInt32(Vector256.Round(x * Vector256.Create(inverse)));
}
