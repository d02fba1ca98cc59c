using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// One bit of each code of a block, in 32 bytes: bit v of a byte belongs to the code at that byte's place in vector v.
/// </summary>
internal static unsafe class BitPlane
{
    /// <summary>Bytes of a plane.</summary>
    public const int Bytes = 32;

    private const uint Lowest = 0x01010101;

    /// <summary>The bits of one vector, each at its place in the codes.</summary>
    /// <param name="plane">The plane.</param>
    /// <param name="vector">0 to 7.</param>
    /// <param name="bit">Which bit of the codes it holds.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Load(byte* plane, int vector, int bit)
    {
        Vector256<ushort> bits = Vector256.Load(plane).AsUInt16();
        Vector256<ushort> moved = vector <= bit ? bits << (bit - vector) : bits >> (vector - bit);
        return moved.AsByte() & Vector256.Create((byte)(1 << bit));
    }

    /// <summary>Puts the bit of one code into a plane that is zero there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Put(byte* plane, int row, int column, int code, int bit) =>
        plane[(row * 4) + (column % 4)] |= (byte)(((code >> bit) & 1) << (column / 4));

    /// <summary>Puts the bits of the 32 codes of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void PutRow(byte* plane, int row, byte* codes, int bit)
    {
        uint bits = 0;
        for (int vector = 0; vector < PanelShape.Columns / sizeof(uint); vector++)
        {
            bits |= ((((uint*)codes)[vector] >> bit) & Lowest) << vector;
        }

        *(uint*)(plane + (row * sizeof(uint))) = bits;
    }

    /// <summary>The bit of one code, at its place.</summary>
    public static int Get(byte* plane, int row, int column, int bit) =>
        ((plane[(row * 4) + (column % 4)] >> (column / 4)) & 1) << bit;
}
