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

    /// <summary>Adds the products of a group to the totals of 8 rows.</summary>
    /// <param name="total">What is added to.</param>
    /// <param name="products">The products, as whole numbers.</param>
    /// <param name="group">The scales of the group.</param>
    /// <param name="scale">Scale of the input.</param>
    /// <param name="sum">Sum of the input's numbers in the block, times their scale.</param>
    static abstract unsafe Vector256<float> Join(
        Vector256<float> total, Vector256<int> products, ushort* group, float scale, float sum);
}
