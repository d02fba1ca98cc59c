using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Hypercompress.Models.Kernels.Dots;

/// <summary>One instruction for four products a lane, in two halves; both factors are signed.</summary>
internal readonly struct ArmDotProduct : IDotProduct
{
    /// <inheritdoc/>
    public static int WideBias => 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Narrow(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x) =>
        Signed(sum, codes.AsSByte(), x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Wide(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x) =>
        Signed(sum, (codes ^ Vector256.Create((byte)0x80)).AsSByte(), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Signed(Vector256<int> sum, Vector256<sbyte> codes, Vector256<sbyte> x) =>
        Vector256.Create(
            Dp.DotProduct(sum.GetLower(), codes.GetLower(), x.GetLower()),
            Dp.DotProduct(sum.GetUpper(), codes.GetUpper(), x.GetUpper()));
}
