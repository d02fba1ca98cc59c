using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Dots;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// Whole-number products of a panel. Each 32-bit lane belongs to one row, so that nothing is added across lanes; an
/// input's four numbers are the same in all lanes.
/// </summary>
/// <typeparam name="TDot">The instructions.</typeparam>
/// <typeparam name="TCodes">The layout of codes.</typeparam>
/// <typeparam name="TScales">The kind of scales.</typeparam>
internal sealed unsafe class PanelKernel<TDot, TCodes, TScales> : IPanelKernel
    where TDot : struct, IDotProduct
    where TCodes : struct, ICodes
    where TScales : struct, IScales
{
    private const int Tile = QuantizedInput.Tile;
    private const int WordsPerBlock = PanelShape.Columns / sizeof(int);

    /// <inheritdoc/>
    public void Multiply(in Panel panel, QuantizedInput input, int first, int count, float* totals)
    {
        if (count == Tile)
        {
            MultiplyTile(panel, input, first, totals);
            return;
        }

        for (int i = 0; i < count; i++)
        {
            MultiplyOne(panel, input, first + i, totals + (i * PanelShape.Rows));
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
        int bias = TCodes.Bias<TDot>(panel.Zero);
        Vector256<float> total = Vector256<float>.Zero;
        for (int block = 0; block < panel.Blocks; block++)
        {
            int* sum = sums + (2 * block);
            ushort* group = Group(panel, block);
            Vector256<int> low = Begin(sum, bias);
            Vector256<int> high = TScales.HalvesBlocks ? Vector256.Create(-bias * sum[1]) : Vector256<int>.Zero;
            Add(ref low, codes, x, 0);
            Add(ref high, codes, x, 4);
            Add(ref low, codes, x, 1);
            Add(ref high, codes, x, 5);
            Add(ref low, codes, x, 2);
            Add(ref high, codes, x, 6);
            Add(ref low, codes, x, 3);
            Add(ref high, codes, x, 7);
            if (TScales.HalvesBlocks)
            {
                total = TScales.Join(total, low, group, scales[block], 0);
                total = TScales.Join(total, high, group + PanelShape.Rows, scales[block], 0);
            }
            else
            {
                total = TScales.Join(total, low + high, group, scales[block], whole[block]);
            }

            codes += TCodes.BlockBytes;
            x += WordsPerBlock;
        }

        total.Store(totals);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyTile(in Panel panel, QuantizedInput input, int index, float* totals)
    {
        int* x0 = (int*)input.Codes(index);
        int* x1 = (int*)input.Codes(index + 1);
        int* x2 = (int*)input.Codes(index + 2);
        int* x3 = (int*)input.Codes(index + 3);
        float* scales = input.Scales(index);
        float* whole = input.Totals(index);
        int* sums = input.Sums(index);
        byte* codes = panel.Codes;
        (int blocks, int bias) = (panel.Blocks, TCodes.Bias<TDot>(panel.Zero));
        Vector256<float> t0 = Vector256<float>.Zero;
        Vector256<float> t1 = t0;
        Vector256<float> t2 = t0;
        Vector256<float> t3 = t0;
        for (int block = 0; block < blocks; block++, codes += TCodes.BlockBytes, sums += 2)
        {
            ushort* group = Group(panel, block);
            Vector256<int> s0 = Begin(sums, bias);
            Vector256<int> s1 = Begin(sums + (2 * blocks), bias);
            Vector256<int> s2 = Begin(sums + (4 * blocks), bias);
            Vector256<int> s3 = Begin(sums + (6 * blocks), bias);
            Add(ref s0, ref s1, ref s2, ref s3, codes, 0, x0, x1, x2, x3);
            Add(ref s0, ref s1, ref s2, ref s3, codes, 1, x0, x1, x2, x3);
            Add(ref s0, ref s1, ref s2, ref s3, codes, 2, x0, x1, x2, x3);
            Add(ref s0, ref s1, ref s2, ref s3, codes, 3, x0, x1, x2, x3);
            if (TScales.HalvesBlocks)
            {
                Join(ref t0, ref t1, ref t2, ref t3, s0, s1, s2, s3, group, scales + block, whole + block, blocks);
                s0 = Vector256.Create(-bias * sums[1]);
                s1 = Vector256.Create(-bias * sums[(2 * blocks) + 1]);
                s2 = Vector256.Create(-bias * sums[(4 * blocks) + 1]);
                s3 = Vector256.Create(-bias * sums[(6 * blocks) + 1]);
                group += PanelShape.Rows;
            }

            Add(ref s0, ref s1, ref s2, ref s3, codes, 4, x0, x1, x2, x3);
            Add(ref s0, ref s1, ref s2, ref s3, codes, 5, x0, x1, x2, x3);
            Add(ref s0, ref s1, ref s2, ref s3, codes, 6, x0, x1, x2, x3);
            Add(ref s0, ref s1, ref s2, ref s3, codes, 7, x0, x1, x2, x3);
            Join(ref t0, ref t1, ref t2, ref t3, s0, s1, s2, s3, group, scales + block, whole + block, blocks);
            x0 += WordsPerBlock;
            x1 += WordsPerBlock;
            x2 += WordsPerBlock;
            x3 += WordsPerBlock;
        }

        t0.Store(totals);
        t1.Store(totals + PanelShape.Rows);
        t2.Store(totals + (2 * PanelShape.Rows));
        t3.Store(totals + (3 * PanelShape.Rows));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort* Group(in Panel panel, int block) => TScales.HalvesBlocks
        ? panel.Groups + (2 * block * PanelShape.Rows)
        : panel.Groups + ((block >> panel.GroupShift) * TScales.NumbersPerRow * PanelShape.Rows);

    // Codes count from zero on: what they have too much is taken off before anything is added.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Begin(int* sums, int bias) =>
        Vector256.Create(-bias * (TScales.HalvesBlocks ? sums[0] : sums[0] + sums[1]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Spread(int* x, int vector) => Vector256.Create(x[vector]).AsSByte();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref Vector256<int> sum, byte* codes, int* x, int vector) =>
        sum = TCodes.Add<TDot>(sum, TCodes.Load(codes, vector), Spread(x, vector));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(
        ref Vector256<int> s0, ref Vector256<int> s1, ref Vector256<int> s2, ref Vector256<int> s3,
        byte* codes, int vector, int* x0, int* x1, int* x2, int* x3)
    {
        Vector256<byte> loaded = TCodes.Load(codes, vector);
        s0 = TCodes.Add<TDot>(s0, loaded, Spread(x0, vector));
        s1 = TCodes.Add<TDot>(s1, loaded, Spread(x1, vector));
        s2 = TCodes.Add<TDot>(s2, loaded, Spread(x2, vector));
        s3 = TCodes.Add<TDot>(s3, loaded, Spread(x3, vector));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(
        ref Vector256<float> t0, ref Vector256<float> t1, ref Vector256<float> t2, ref Vector256<float> t3,
        Vector256<int> s0, Vector256<int> s1, Vector256<int> s2, Vector256<int> s3,
        ushort* group, float* scales, float* whole, int blocks)
    {
        t0 = TScales.Join(t0, s0, group, scales[0], whole[0]);
        t1 = TScales.Join(t1, s1, group, scales[blocks], whole[blocks]);
        t2 = TScales.Join(t2, s2, group, scales[2 * blocks], whole[2 * blocks]);
        t3 = TScales.Join(t3, s3, group, scales[3 * blocks], whole[3 * blocks]);
    }
}
