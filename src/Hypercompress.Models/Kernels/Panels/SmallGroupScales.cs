using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypercompress.Models.Kernels.Floats;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>A scale per row and group of 16 columns.</summary>
internal readonly struct SmallGroupScales : IScales
{
    /// <inheritdoc/>
    public static int NumbersPerRow => 1;

    /// <inheritdoc/>
    public static bool HalvesBlocks => true;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Steps(ushort* group) => HalfBits.Widen(group);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Minimums(ushort* group) => Vector256<float>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Join(
        Vector256<float> total, Vector256<int> products, Vector256<float> steps, Vector256<float> minimums,
        float scale, float sum) =>
        Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(products), steps * Vector256.Create(scale), total);
}
