using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace Hypercompress.Models.Kernels.Dots;

/// <summary>Four products a lane by one instruction (SDOT) a half of a vector; both factors are signed.</summary>
internal readonly unsafe struct ArmDotProduct : IDotProduct
{
    private const int Signed = 128;

    /// <inheritdoc/>
    public static int Offset(int largest) => largest < Signed ? 0 : Signed;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(
        Vector256<int> sum, int largest,
        Vector256<byte> c0, Vector256<byte> c1, Vector256<byte> c2, Vector256<byte> c3, int* x)
    {
        sum = Add(sum, largest, c0, x[0]);
        sum = Add(sum, largest, c1, x[1]);
        sum = Add(sum, largest, c2, x[2]);
        return Add(sum, largest, c3, x[3]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Add(Vector256<int> sum, int largest, Vector256<byte> codes, int x)
    {
        Vector256<byte> changed = largest < Signed ? codes : codes ^ Vector256.Create((byte)Signed);
        Vector256<sbyte> signed = changed.AsSByte();
        Vector128<sbyte> four = Vector128.Create(x).AsSByte();
        return Vector256.Create(
            Dp.DotProduct(sum.GetLower(), signed.GetLower(), four),
            Dp.DotProduct(sum.GetUpper(), signed.GetUpper(), four));
    }
}
