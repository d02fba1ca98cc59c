using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>What a block's whole-number products are multiplied by.</summary>
internal interface IScales
{
    /// <summary>
    /// Half-precision numbers that each group of columns has for each row; 0 for scales of rows alone.
    /// </summary>
    static abstract int NumbersPerRow { get; }

    /// <summary>Whether a group has 16 columns, half of a block; else it has 32 or a multiple of it.</summary>
    static abstract bool HalvesBlocks { get; }

    /// <summary>The scales of 8 rows.</summary>
    /// <param name="group">The numbers of the group.</param>
    static abstract unsafe Vector256<float> Steps(ushort* group);

    /// <summary>The minimums of 8 rows.</summary>
    /// <param name="group">The numbers of the group.</param>
    static abstract unsafe Vector256<float> Minimums(ushort* group);

    /// <summary>Adds the products of a group to the totals of 8 rows.</summary>
    /// <param name="total">What is added to.</param>
    /// <param name="products">The products, as whole numbers.</param>
    /// <param name="steps">See <see cref="Steps"/>.</param>
    /// <param name="minimums">See <see cref="Minimums"/>.</param>
    /// <param name="scale">Scale of the input.</param>
    /// <param name="sum">Sum of the input's numbers in the block, times their scale.</param>
    static abstract Vector256<float> Join(
        Vector256<float> total, Vector256<int> products, Vector256<float> steps, Vector256<float> minimums,
        float scale, float sum);
}
