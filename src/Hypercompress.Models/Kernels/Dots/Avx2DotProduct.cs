using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypercompress.Models.Kernels.Dots;

/// <summary>Pairs of products in 16 bit, which saturate beyond it; wide codes are therefore made signed.</summary>
internal readonly struct Avx2DotProduct : IDotProduct
{
    /// <inheritdoc/>
    public static int WideBias => 0;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Narrow(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x) =>
        Avx2.Add(sum, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(codes, x), Vector256<short>.One));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Wide(Vector256<int> sum, Vector256<byte> codes, Vector256<sbyte> x)
    {
        // |−128| is 128 as an unsigned byte, and 2 · 128 · 127 still fits 16 bits.
        Vector256<sbyte> signed = (codes ^ Vector256.Create((byte)0x80)).AsSByte();
        return Narrow(sum, Avx2.Abs(signed), Avx2.Sign(x, signed));
    }
}
