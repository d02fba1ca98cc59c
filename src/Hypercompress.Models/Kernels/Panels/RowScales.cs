using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>One scale per row, which is applied at the end.</summary>
internal readonly struct RowScales : IScales
{
    /// <inheritdoc/>
    public static int NumbersPerRow => 0;

    /// <inheritdoc/>
    public static bool HalvesBlocks => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Steps(ushort* group) => Vector256<float>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<float> Minimums(ushort* group) => Vector256<float>.Zero;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Join(
        Vector256<float> total, Vector256<int> products, Vector256<float> steps, Vector256<float> minimums,
        float scale, float sum) =>
        Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(products), Vector256.Create(scale), total);
}
