using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Floats;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>A scale and a minimum per row and group of 32 columns or a multiple; scales of 8 rows come first.</summary>
internal readonly struct AffineGroupScales : IScales
{
    /// <inheritdoc/>
    public static int NumbersPerRow => 2;

    /// <inheritdoc/>
    public static bool HalvesBlocks => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Join(
        Vector256<float> total, Vector256<int> products, ushort* group, float scale, float sum)
    {
        Vector256<float> steps = HalfBits.Widen(group) * Vector256.Create(scale);
        Vector256<float> least = HalfBits.Widen(group + PanelShape.Rows) * Vector256.Create(sum);
        return total + Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(products), steps, least);
    }
}
