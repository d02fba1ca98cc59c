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
    public static unsafe Vector256<float> Steps(ushort* group) => HalfBits.Widen(group);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Minimums(ushort* group) => HalfBits.Widen(group + PanelShape.Rows);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Join(
        Vector256<float> total, Vector256<int> products, Vector256<float> steps, Vector256<float> minimums,
        float scale, float sum) =>
        Vector256.FusedMultiplyAdd(
            Vector256.ConvertToSingle(products),
            steps * Vector256.Create(scale),
            Vector256.FusedMultiplyAdd(minimums, Vector256.Create(sum), total));
}
