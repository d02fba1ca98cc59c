using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>Codes 0 to 15: vectors 0 to 3 in the lower halves of 128 bytes, vectors 4 to 7 in the upper.</summary>
internal readonly struct NibbleCodes : IStepCodes
{
    private const int VectorBytes = 32;
    private const int Upper = 4;
    private const int HalfColumns = 16;
    private const uint LowHalves = 0x0f0f0f0f;
    private const byte LowestBits = 0x11;

    /// <summary>Bytes of a block.</summary>
    public const int Bytes = 128;

    /// <inheritdoc/>
    public static int BlockBytes => Bytes;

    /// <inheritdoc/>
    public static int Largest => 15;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<byte> Load(byte* block, int vector)
    {
        Vector256<byte> low = Vector256.Create((byte)15);
        return vector < Upper
            ? Vector256.Load(block + (vector * VectorBytes)) & low
            : (Vector256.Load(block + ((vector - Upper) * VectorBytes)).AsUInt16() >> 4).AsByte() & low;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Put(byte* block, int row, int column, int code) =>
        block[Place(row, column)] |= (byte)(column < HalfColumns ? code : code << 4);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void PutRow(byte* block, int row, byte* codes)
    {
        for (int word = 0; word < Upper; word++)
        {
            uint low = *(uint*)(codes + (word * sizeof(uint))) & LowHalves;
            uint high = *(uint*)(codes + HalfColumns + (word * sizeof(uint))) & LowHalves;
            *(uint*)(block + (word * VectorBytes) + (row * sizeof(uint))) = low | (high << 4);
        }
    }

    /// <inheritdoc/>
    public static unsafe int Get(byte* block, int row, int column)
    {
        int both = block[Place(row, column)];
        return column < HalfColumns ? both & 15 : both >> 4;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<uint> LoadLowest(byte* block)
    {
        Vector256<uint> lowest = Vector256.Create(LowestBits).AsUInt32();
        Vector256<uint> b0 = Vector256.Load(block).AsUInt32() & lowest;
        Vector256<uint> b1 = Vector256.Load(block + VectorBytes).AsUInt32() & lowest;
        Vector256<uint> b2 = Vector256.Load(block + (2 * VectorBytes)).AsUInt32() & lowest;
        Vector256<uint> b3 = Vector256.Load(block + (3 * VectorBytes)).AsUInt32() & lowest;
        return b0 | (b1 << 1) | (b2 << 2) | (b3 << 3);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<byte> LoadDoubled(byte* block, int vector)
    {
        Vector256<byte> doubled = Vector256.Create((byte)30);
        return vector < Upper
            ? (Vector256.Load(block + (vector * VectorBytes)).AsUInt16() << 1).AsByte() & doubled
            : (Vector256.Load(block + ((vector - Upper) * VectorBytes)).AsUInt16() >> 3).AsByte() & doubled;
    }

    private static int Place(int row, int column)
    {
        int lower = column % HalfColumns;
        return (lower / 4 * VectorBytes) + (row * 4) + (lower % 4);
    }
}
