using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Floats;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>Floating-point numbers as they are stored, row by row; products and sums in float32.</summary>
/// <typeparam name="TFloats">How they are stored.</typeparam>
internal sealed unsafe class FloatMatrix<TFloats> : LeafMatrix
    where TFloats : struct, IFloats
{
    // Inputs that a number of the matrix is loaded for at once: a pair has as many sums each as a single input.
    private const int Tile = 4;
    private const int Pair = 2;

    // Inputs that stay in the caches while all rows pass by.
    private const int InputsAtOnce = 32;

    private readonly AlignedMemory _numbers;

    /// <summary>A matrix of zeros, to be filled.</summary>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    public FloatMatrix(int rows, int columns)
        : base(rows, columns) => _numbers = new AlignedMemory((long)rows * columns * TFloats.Bytes);

    /// <inheritdoc/>
    public override long ByteCount => _numbers.ByteCount;

    /// <inheritdoc/>
    public override bool TakesCodes => false;

    /// <summary>The bytes of some rows.</summary>
    /// <param name="row">The first.</param>
    /// <param name="count">How many.</param>
    public Span<byte> Bytes(int row, int count) => new(Row(row), checked(count * Columns * TFloats.Bytes));

    /// <inheritdoc/>
    public override void ReadRow(int row, Span<float> values)
    {
        byte* numbers = Row(row);
        for (int column = 0; column < Columns; column++)
        {
            values[column] = TFloats.Get(numbers, column);
        }
    }

    /// <inheritdoc/>
    public override void MultiplyUnits(in LeafInput input, int first, int end, float* y, int stride)
    {
        (int firstRow, int endRow) = (first * UnitRows, int.Min(end * UnitRows, Rows));
        for (int from = 0; from < input.Count; from += InputsAtOnce)
        {
            int to = int.Min(from + InputsAtOnce, input.Count);
            for (int row = firstRow; row < endRow; row++)
            {
                int index = from;
                int tile = input.IsRepeatable ? Pair : Tile;
                for (; index + tile <= to; index += tile)
                {
                    float* x = input.Numbers + ((long)index * Columns);
                    float* target = y + ((long)index * stride) + row;
                    if (input.IsRepeatable)
                    {
                        MultiplyPair(Row(row), x, target, stride);
                    }
                    else
                    {
                        MultiplyTile(Row(row), x, target, stride);
                    }
                }

                for (; index < to; index++)
                {
                    y[((long)index * stride) + row] = Multiply(Row(row), input.Numbers + ((long)index * Columns));
                }
            }
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _numbers.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Add(Vector256<float> sum, byte* row, float* x, int index) =>
        Vector256.FusedMultiplyAdd(TFloats.Load(row, index), Vector256.Load(x + index), sum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPair(
        ref Vector256<float> a, ref Vector256<float> b, byte* row, float* x0, float* x1, int index)
    {
        Vector256<float> loaded = TFloats.Load(row, index);
        a = Vector256.FusedMultiplyAdd(loaded, Vector256.Load(x0 + index), a);
        b = Vector256.FusedMultiplyAdd(loaded, Vector256.Load(x1 + index), b);
    }

    private byte* Row(int row) => _numbers.As<byte>() + ((long)row * Columns * TFloats.Bytes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private float Multiply(byte* row, float* x)
    {
        int width = Vector256<float>.Count;
        Vector256<float> s0 = Vector256<float>.Zero;
        Vector256<float> s1 = s0;
        Vector256<float> s2 = s0;
        Vector256<float> s3 = s0;
        int i = 0;
        for (; i + (4 * width) <= Columns; i += 4 * width)
        {
            s0 = Add(s0, row, x, i);
            s1 = Add(s1, row, x, i + width);
            s2 = Add(s2, row, x, i + (2 * width));
            s3 = Add(s3, row, x, i + (3 * width));
        }

        for (; i + width <= Columns; i += width)
        {
            s0 = Add(s0, row, x, i);
        }

        float sum = Vector256.Sum((s0 + s1) + (s2 + s3));
        for (; i < Columns; i++)
        {
            sum += TFloats.Get(row, i) * x[i];
        }

        return sum;
    }

    // Adds in the order of a single input, so that results are the same bits.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyPair(byte* row, float* x0, float* y, int stride)
    {
        int width = Vector256<float>.Count;
        float* x1 = x0 + Columns;
        Vector256<float> a0 = Vector256<float>.Zero;
        Vector256<float> a1 = a0;
        Vector256<float> a2 = a0;
        Vector256<float> a3 = a0;
        Vector256<float> b0 = a0;
        Vector256<float> b1 = a0;
        Vector256<float> b2 = a0;
        Vector256<float> b3 = a0;
        int i = 0;
        for (; i + (4 * width) <= Columns; i += 4 * width)
        {
            AddPair(ref a0, ref b0, row, x0, x1, i);
            AddPair(ref a1, ref b1, row, x0, x1, i + width);
            AddPair(ref a2, ref b2, row, x0, x1, i + (2 * width));
            AddPair(ref a3, ref b3, row, x0, x1, i + (3 * width));
        }

        for (; i + width <= Columns; i += width)
        {
            AddPair(ref a0, ref b0, row, x0, x1, i);
        }

        float first = Vector256.Sum((a0 + a1) + (a2 + a3));
        float second = Vector256.Sum((b0 + b1) + (b2 + b3));
        for (; i < Columns; i++)
        {
            float number = TFloats.Get(row, i);
            first += number * x0[i];
            second += number * x1[i];
        }

        (y[0], y[stride]) = (first, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MultiplyTile(byte* row, float* x0, float* y, int stride)
    {
        int width = Vector256<float>.Count;
        float* x1 = x0 + Columns;
        float* x2 = x1 + Columns;
        float* x3 = x2 + Columns;
        Vector256<float> s0 = Vector256<float>.Zero;
        Vector256<float> s1 = s0;
        Vector256<float> s2 = s0;
        Vector256<float> s3 = s0;
        int i = 0;
        for (; i + width <= Columns; i += width)
        {
            Vector256<float> loaded = TFloats.Load(row, i);
            s0 = Vector256.FusedMultiplyAdd(loaded, Vector256.Load(x0 + i), s0);
            s1 = Vector256.FusedMultiplyAdd(loaded, Vector256.Load(x1 + i), s1);
            s2 = Vector256.FusedMultiplyAdd(loaded, Vector256.Load(x2 + i), s2);
            s3 = Vector256.FusedMultiplyAdd(loaded, Vector256.Load(x3 + i), s3);
        }

        (float r0, float r1) = (Vector256.Sum(s0), Vector256.Sum(s1));
        (float r2, float r3) = (Vector256.Sum(s2), Vector256.Sum(s3));
        for (; i < Columns; i++)
        {
            float number = TFloats.Get(row, i);
            r0 += number * x0[i];
            r1 += number * x1[i];
            r2 += number * x2[i];
            r3 += number * x3[i];
        }

        (y[0], y[stride]) = (r0, r1);
        (y[2 * stride], y[3 * stride]) = (r2, r3);
    }
}
