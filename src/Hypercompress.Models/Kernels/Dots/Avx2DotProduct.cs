using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Hypercompress.Models.Kernels.Dots;

/// <summary>
/// Products of bytes are added in pairs to 16 bits, which saturate (VPMADDUBSW). As many of these sums are added in 16
/// bits as the largest code allows before they are widened to 32; codes of more than 7 bits are made signed.
/// </summary>
internal readonly unsafe struct Avx2DotProduct : IDotProduct
{
    private const int Signed = 128;

    // The largest sum of two products is 2 · 127 · largest.
    private const int LargestOfFourPairs = short.MaxValue / (8 * 127);
    private const int LargestOfTwoPairs = short.MaxValue / (4 * 127);

    /// <inheritdoc/>
    public static int Offset(int largest) => largest < Signed ? 0 : Signed;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(
        Vector256<int> sum, int largest,
        Vector256<byte> c0, Vector256<byte> c1, Vector256<byte> c2, Vector256<byte> c3, int* x)
    {
        if (largest >= Signed)
        {
            return AddWide(AddWide(AddWide(AddWide(sum, c0, x[0]), c1, x[1]), c2, x[2]), c3, x[3]);
        }

        Vector256<short> p0 = Avx2.MultiplyAddAdjacent(c0, Vector256.Create(x[0]).AsSByte());
        Vector256<short> p1 = Avx2.MultiplyAddAdjacent(c1, Vector256.Create(x[1]).AsSByte());
        Vector256<short> p2 = Avx2.MultiplyAddAdjacent(c2, Vector256.Create(x[2]).AsSByte());
        Vector256<short> p3 = Avx2.MultiplyAddAdjacent(c3, Vector256.Create(x[3]).AsSByte());
        if (largest <= LargestOfFourPairs)
        {
            return sum + Avx2.MultiplyAddAdjacent(p0 + p1 + (p2 + p3), Vector256<short>.One);
        }

        Vector256<short> one = Vector256<short>.One;
        return largest <= LargestOfTwoPairs
            ? sum + Avx2.MultiplyAddAdjacent(p0 + p1, one) + Avx2.MultiplyAddAdjacent(p2 + p3, one)
            : sum + Avx2.MultiplyAddAdjacent(p0, one) + Avx2.MultiplyAddAdjacent(p1, one)
                + Avx2.MultiplyAddAdjacent(p2, one) + Avx2.MultiplyAddAdjacent(p3, one);
    }

    // |−128| is 128 as an unsigned byte, and 2 · 128 · 127 still fits 16 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> AddWide(Vector256<int> sum, Vector256<byte> codes, int x)
    {
        Vector256<sbyte> signed = (codes ^ Vector256.Create((byte)Signed)).AsSByte();
        Vector256<sbyte> four = Avx2.Sign(Vector256.Create(x).AsSByte(), signed);
        return sum + Avx2.MultiplyAddAdjacent(
            Avx2.MultiplyAddAdjacent(Avx2.Abs(signed), four), Vector256<short>.One);
    }
}
