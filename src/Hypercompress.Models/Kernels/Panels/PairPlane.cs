using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// Two neighbouring bits of each code of a block, in 64 bytes: those of vector v are bits 2⌊v/2⌋ and 2⌊v/2⌋ + 1 of the
/// bytes of vector v mod 2. One shift moves both, where two <see cref="BitPlane"/>s take two.
/// </summary>
internal static unsafe class PairPlane
{
    /// <summary>Bytes of a plane.</summary>
    public const int Bytes = 64;

    private const int VectorBytes = 32;
    private const uint Pairs = 0x03030303;

    /// <summary>The bits of one vector, each pair at its place in the codes.</summary>
    /// <param name="plane">The plane.</param>
    /// <param name="vector">0 to 7.</param>
    /// <param name="bit">The lower of the two bits that it holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* plane, int vector, int bit)
    {
        Vector256<ushort> pairs = Vector256.Load(plane + (vector % 2 * VectorBytes)).AsUInt16();
        int place = vector / 2 * 2;
        Vector256<ushort> moved = place <= bit ? pairs << (bit - place) : pairs >> (place - bit);
        return moved.AsByte() & Vector256.Create((byte)(3 << bit));
    }

    /// <summary>Puts the bits of one code into a plane that is zero there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* plane, int row, int column, int code, int bit) =>
        plane[Place(row, column)] |= (byte)(((code >> bit) & 3) << Shift(column));

    /// <summary>Puts the bits of the 32 codes of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutRow(byte* plane, int row, byte* codes, int bit)
    {
        for (int vector = 0; vector < 2; vector++)
        {
            uint pairs = 0;
            for (int place = 0; place < 8; place += 2)
            {
                pairs |= ((((uint*)codes)[vector + place] >> bit) & Pairs) << place;
            }

            *(uint*)(plane + (vector * VectorBytes) + (row * sizeof(uint))) = pairs;
        }
    }

    /// <summary>The bits of one code, at their place.</summary>
    public static int Get(byte* plane, int row, int column, int bit) =>
        ((plane[Place(row, column)] >> Shift(column)) & 3) << bit;

    private static int Place(int row, int column) => (column / 4 % 2 * VectorBytes) + (row * 4) + (column % 4);

    private static int Shift(int column) => column / 8 * 2;
}
