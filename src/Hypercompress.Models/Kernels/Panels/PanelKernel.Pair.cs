using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>Two panels by four inputs: the most that the registers hold.</summary>
internal sealed unsafe partial class PanelKernel<TDot, TCodes, TScales>
{
    /// <inheritdoc/>
    public void MultiplyPair(in Panel upper, in Panel lower, QuantizedInput input, int first, float* totals)
    {
        if (typeof(TScales) == typeof(SmallGroupScales))
        {
            MultiplyFour(upper, input, first, 1, totals);
            MultiplyFour(lower, input, first, 1, totals + (QuantizedInput.Tile * PanelShape.Rows));
        }
        else
        {
            MultiplyFourByTwo(upper, lower, input, first, totals);
        }
    }

    // Every number of an input that is loaded serves two panels, every vector of codes four inputs.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyFourByTwo(
        in Panel upper, in Panel lower, QuantizedInput input, int index, float* totals)
    {
        int* x0 = (int*)input.Codes(index);
        int* x1 = (int*)input.Codes(index + 1);
        int* x2 = (int*)input.Codes(index + 2);
        int* x3 = (int*)input.Codes(index + 3);
        float* scales = input.Scales(index);
        float* whole = input.Totals(index);
        int* sums = input.Sums(index);
        byte* high = upper.Codes;
        byte* low = lower.Codes;
        (int blocks, int bias) = (upper.Blocks, Bias(upper));
        Vector256<float> t0 = Vector256<float>.Zero;
        Vector256<float> t1 = t0;
        Vector256<float> t2 = t0;
        Vector256<float> t3 = t0;
        Vector256<float> u0 = t0;
        Vector256<float> u1 = t0;
        Vector256<float> u2 = t0;
        Vector256<float> u3 = t0;
        for (int block = 0; block < blocks; block++)
        {
            Vector256<int> s0 = Begin(sums, bias);
            Vector256<int> s1 = Begin(sums + (2 * blocks), bias);
            Vector256<int> s2 = Begin(sums + (4 * blocks), bias);
            Vector256<int> s3 = Begin(sums + (6 * blocks), bias);
            Vector256<int> r0 = s0;
            Vector256<int> r1 = s1;
            Vector256<int> r2 = s2;
            Vector256<int> r3 = s3;
            AddPair(ref s0, ref s1, ref s2, ref s3, ref r0, ref r1, ref r2, ref r3, high, low, 0, x0, x1, x2, x3);
            AddPair(
                ref s0, ref s1, ref s2, ref s3, ref r0, ref r1, ref r2, ref r3, high, low, Half,
                x0 + Half, x1 + Half, x2 + Half, x3 + Half);
            ushort* group = Group(upper, block);
            float* scale = scales + block;
            float* sum = whole + block;
            Join(ref t0, ref t1, s0, s1, group, scale, sum, blocks);
            Join(ref t2, ref t3, s2, s3, group, scale + (2 * blocks), sum + (2 * blocks), blocks);
            group = Group(lower, block);
            Join(ref u0, ref u1, r0, r1, group, scale, sum, blocks);
            Join(ref u2, ref u3, r2, r3, group, scale + (2 * blocks), sum + (2 * blocks), blocks);
            x0 += 2 * Half;
            x1 += 2 * Half;
            x2 += 2 * Half;
            x3 += 2 * Half;
            high += TCodes.BlockBytes;
            low += TCodes.BlockBytes;
            sums += 2;
        }

        Store(t0, t1, t2, t3, totals);
        Store(u0, u1, u2, u3, totals + (QuantizedInput.Tile * PanelShape.Rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddPair(
        ref Vector256<int> s0, ref Vector256<int> s1, ref Vector256<int> s2, ref Vector256<int> s3,
        ref Vector256<int> r0, ref Vector256<int> r1, ref Vector256<int> r2, ref Vector256<int> r3,
        byte* high, byte* low, int first, int* x0, int* x1, int* x2, int* x3)
    {
        Add(ref s0, ref s1, ref s2, ref s3, high, first, x0, x1, x2, x3);
        Add(ref r0, ref r1, ref r2, ref r3, low, first, x0, x1, x2, x3);
    }
}
