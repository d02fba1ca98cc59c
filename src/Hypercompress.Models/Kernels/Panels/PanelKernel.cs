using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Dots;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// Whole-number products of a panel. Each 32-bit lane belongs to one row, so that nothing is added across lanes; an
/// input's four numbers are the same in all lanes. Codes are unpacked once for up to four inputs. Groups of half a
/// block are told by the type of scales, not by a property: the compiler then drops their code before it weighs what to
/// inline.
/// </summary>
/// <typeparam name="TDot">The instructions.</typeparam>
/// <typeparam name="TCodes">The layout of codes.</typeparam>
/// <typeparam name="TScales">The kind of scales.</typeparam>
internal sealed unsafe partial class PanelKernel<TDot, TCodes, TScales> : IPanelKernel
    where TDot : struct, IDotProduct
    where TCodes : struct, ICodes
    where TScales : struct, IScales
{
    // Vectors of half a block, and 32-bit words of an input in it.
    private const int Half = 4;

    /// <inheritdoc/>
    public void Multiply(in Panel panel, QuantizedInput input, int first, int step, int count, float* totals)
    {
        switch (count)
        {
            case 1:
                MultiplyOne(panel, input, first, totals);
                break;
            case 2:
                MultiplyTwo(panel, input, first, step, totals);
                break;
            case 3:
                MultiplyTwo(panel, input, first, step, totals);
                MultiplyOne(panel, input, first + (2 * step), totals + (2 * PanelShape.Rows));
                break;
            default:
                MultiplyFour(panel, input, first, step, totals);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyOne(in Panel panel, QuantizedInput input, int index, float* totals)
    {
        int* x = (int*)input.Codes(index);
        float* scales = input.Scales(index);
        float* whole = input.Totals(index);
        int* sums = input.Sums(index);
        byte* codes = panel.Codes;
        (int blocks, int bias) = (panel.Blocks, Bias(panel));
        Vector256<float> total = Vector256<float>.Zero;
        for (int block = 0; block < blocks; block++, codes += TCodes.BlockBytes, sums += 2)
        {
            ushort* group = Group(panel, block);
            Vector256<int> low = Add(Begin(sums, bias), codes, 0, x);
            Vector256<int> high = Add(BeginHalf(sums, bias), codes, Half, x + Half);
            Vector256<float> steps = TScales.Steps(group);
            Vector256<float> minimums = TScales.Minimums(group);
            if (typeof(TScales) == typeof(SmallGroupScales))
            {
                total = TScales.Join(total, low, steps, minimums, scales[block], whole[block]);
                steps = TScales.Steps(group + PanelShape.Rows);
                total = TScales.Join(total, high, steps, minimums, scales[block], whole[block]);
            }
            else
            {
                total = TScales.Join(total, low + high, steps, minimums, scales[block], whole[block]);
            }

            x += 2 * Half;
        }

        total.Store(totals);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTwo(in Panel panel, QuantizedInput input, int index, int step, float* totals)
    {
        int* x0 = (int*)input.Codes(index);
        int* x1 = (int*)input.Codes(index + step);
        float* scales = input.Scales(index);
        float* whole = input.Totals(index);
        int* sums = input.Sums(index);
        byte* codes = panel.Codes;
        (int blocks, int next, int bias) = (panel.Blocks, step * panel.Blocks, Bias(panel));
        Vector256<float> t0 = Vector256<float>.Zero;
        Vector256<float> t1 = t0;
        for (int block = 0; block < blocks; block++, codes += TCodes.BlockBytes, sums += 2)
        {
            ushort* group = Group(panel, block);
            Vector256<int> s0 = Begin(sums, bias);
            Vector256<int> s1 = Begin(sums + (2 * next), bias);
            Add(ref s0, ref s1, codes, 0, x0, x1);
            if (typeof(TScales) == typeof(SmallGroupScales))
            {
                Join(ref t0, ref t1, s0, s1, group, scales + block, whole + block, next);
                s0 = BeginHalf(sums, bias);
                s1 = BeginHalf(sums + (2 * next), bias);
                group += PanelShape.Rows;
            }

            Add(ref s0, ref s1, codes, Half, x0 + Half, x1 + Half);
            Join(ref t0, ref t1, s0, s1, group, scales + block, whole + block, next);
            x0 += 2 * Half;
            x1 += 2 * Half;
        }

        t0.Store(totals);
        t1.Store(totals + PanelShape.Rows);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyFour(in Panel panel, QuantizedInput input, int index, int step, float* totals)
    {
        int* x0 = (int*)input.Codes(index);
        int* x1 = (int*)input.Codes(index + step);
        int* x2 = (int*)input.Codes(index + (2 * step));
        int* x3 = (int*)input.Codes(index + (3 * step));
        float* scales = input.Scales(index);
        float* whole = input.Totals(index);
        int* sums = input.Sums(index);
        byte* codes = panel.Codes;
        (int blocks, int next, int bias) = (panel.Blocks, step * panel.Blocks, Bias(panel));
        Vector256<float> t0 = Vector256<float>.Zero;
        Vector256<float> t1 = t0;
        Vector256<float> t2 = t0;
        Vector256<float> t3 = t0;
        for (int block = 0; block < blocks; block++, codes += TCodes.BlockBytes, sums += 2)
        {
            ushort* group = Group(panel, block);
            Vector256<int> s0 = Begin(sums, bias);
            Vector256<int> s1 = Begin(sums + (2 * next), bias);
            Vector256<int> s2 = Begin(sums + (4 * next), bias);
            Vector256<int> s3 = Begin(sums + (6 * next), bias);
            Add(ref s0, ref s1, ref s2, ref s3, codes, 0, x0, x1, x2, x3);
            if (typeof(TScales) == typeof(SmallGroupScales))
            {
                Join(ref t0, ref t1, s0, s1, group, scales + block, whole + block, next);
                Join(ref t2, ref t3, s2, s3, group, scales + block + (2 * next), whole + block + (2 * next), next);
                s0 = BeginHalf(sums, bias);
                s1 = BeginHalf(sums + (2 * next), bias);
                s2 = BeginHalf(sums + (4 * next), bias);
                s3 = BeginHalf(sums + (6 * next), bias);
                group += PanelShape.Rows;
            }

            Add(ref s0, ref s1, ref s2, ref s3, codes, Half, x0 + Half, x1 + Half, x2 + Half, x3 + Half);
            Vector256<float> steps = TScales.Steps(group);
            Vector256<float> minimums = TScales.Minimums(group);
            float* scale = scales + block;
            float* sum = whole + block;
            t0 = TScales.Join(t0, s0, steps, minimums, scale[0], sum[0]);
            t1 = TScales.Join(t1, s1, steps, minimums, scale[next], sum[next]);
            t2 = TScales.Join(t2, s2, steps, minimums, scale[2 * next], sum[2 * next]);
            t3 = TScales.Join(t3, s3, steps, minimums, scale[3 * next], sum[3 * next]);
            x0 += 2 * Half;
            x1 += 2 * Half;
            x2 += 2 * Half;
            x3 += 2 * Half;
        }

        Store(t0, t1, t2, t3, totals);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Vector256<float> t0, Vector256<float> t1, Vector256<float> t2, Vector256<float> t3, float* totals)
    {
        t0.Store(totals);
        t1.Store(totals + PanelShape.Rows);
        t2.Store(totals + (2 * PanelShape.Rows));
        t3.Store(totals + (3 * PanelShape.Rows));
    }

    private static int Bias(in Panel panel) => panel.Zero - TDot.Offset(TCodes.Largest);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort* Group(in Panel panel, int block) => TScales.HalvesBlocks
        ? panel.Groups + (2 * block * PanelShape.Rows)
        : panel.Groups + ((block >> panel.GroupShift) * TScales.NumbersPerRow * PanelShape.Rows);

    // Codes are unsigned: Σ (code − bias) · x = Σ code · x − bias · Σ x, and sums start with the second term.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Begin(int* sums, int bias) =>
        (TScales.HalvesBlocks ? Vector256.Create(sums[0] - sums[1]) : Vector256.Create(sums[0]))
        * Vector256.Create(-bias);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> BeginHalf(int* sums, int bias) =>
        TScales.HalvesBlocks ? Vector256.Create(-bias * sums[1]) : Vector256<int>.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Add(Vector256<int> sum, byte* codes, int first, int* x) => TDot.Add(
        sum, TCodes.Largest,
        TCodes.Load(codes, first), TCodes.Load(codes, first + 1),
        TCodes.Load(codes, first + 2), TCodes.Load(codes, first + 3), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref Vector256<int> s0, ref Vector256<int> s1, byte* codes, int first, int* x0, int* x1)
    {
        Vector256<byte> c0 = TCodes.Load(codes, first);
        Vector256<byte> c1 = TCodes.Load(codes, first + 1);
        Vector256<byte> c2 = TCodes.Load(codes, first + 2);
        Vector256<byte> c3 = TCodes.Load(codes, first + 3);
        s0 = TDot.Add(s0, TCodes.Largest, c0, c1, c2, c3, x0);
        s1 = TDot.Add(s1, TCodes.Largest, c0, c1, c2, c3, x1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        ref Vector256<int> s0, ref Vector256<int> s1, ref Vector256<int> s2, ref Vector256<int> s3,
        byte* codes, int first, int* x0, int* x1, int* x2, int* x3)
    {
        Vector256<byte> c0 = TCodes.Load(codes, first);
        Vector256<byte> c1 = TCodes.Load(codes, first + 1);
        Vector256<byte> c2 = TCodes.Load(codes, first + 2);
        Vector256<byte> c3 = TCodes.Load(codes, first + 3);
        s0 = TDot.Add(s0, TCodes.Largest, c0, c1, c2, c3, x0);
        s1 = TDot.Add(s1, TCodes.Largest, c0, c1, c2, c3, x1);
        s2 = TDot.Add(s2, TCodes.Largest, c0, c1, c2, c3, x2);
        s3 = TDot.Add(s3, TCodes.Largest, c0, c1, c2, c3, x3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(
        ref Vector256<float> t0, ref Vector256<float> t1, Vector256<int> s0, Vector256<int> s1,
        ushort* group, float* scales, float* whole, int next)
    {
        Vector256<float> steps = TScales.Steps(group);
        Vector256<float> minimums = TScales.Minimums(group);
        t0 = TScales.Join(t0, s0, steps, minimums, scales[0], whole[0]);
        t1 = TScales.Join(t1, s1, steps, minimums, scales[next], whole[next]);
    }
}
