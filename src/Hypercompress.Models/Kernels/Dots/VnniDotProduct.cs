using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypercompress.Models.Kernels.Dots;

/// <summary>Four products a lane by one instruction (VPDPBUSD).</summary>
internal readonly unsafe struct VnniDotProduct : IDotProduct
{
    /// <inheritdoc/>
    public static int Offset(int largest) => 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(
        Vector256<int> sum, int largest,
        Vector256<byte> c0, Vector256<byte> c1, Vector256<byte> c2, Vector256<byte> c3, int* x)
    {
        sum = AvxVnni.MultiplyWideningAndAdd(sum, c0, Vector256.Create(x[0]).AsSByte());
        sum = AvxVnni.MultiplyWideningAndAdd(sum, c1, Vector256.Create(x[1]).AsSByte());
        sum = AvxVnni.MultiplyWideningAndAdd(sum, c2, Vector256.Create(x[2]).AsSByte());
        return AvxVnni.MultiplyWideningAndAdd(sum, c3, Vector256.Create(x[3]).AsSByte());
    }
}
