using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// Codes 0 to 7: the lowest bit as a <see cref="BitPlane"/>, then the upper two in 64 bytes, where those of vector v
/// are bits 2⌊v/2⌋ and 2⌊v/2⌋ + 1 of the bytes of vector v mod 2.
/// </summary>
internal readonly struct ThreeBitCodes : IStepCodes
{
    private const int VectorBytes = 32;
    private const uint Pairs = 0x03030303;

    /// <inheritdoc/>
    public static int BlockBytes => 96;

    /// <inheritdoc/>
    public static int Largest => 7;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<byte> Load(byte* block, int vector)
    {
        Vector256<ushort> pairs = Vector256.Load(block + BitPlane.Bytes + (vector % 2 * VectorBytes)).AsUInt16();
        int place = vector / 2 * 2;
        Vector256<ushort> upper = place == 0 ? pairs << 1 : pairs >> (place - 1);
        return (upper.AsByte() & Vector256.Create((byte)6)) | BitPlane.Load(block, vector, 0);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<uint> LoadLowest(byte* block) => Vector256.Load((uint*)block);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<byte> LoadDoubled(byte* block, int vector)
    {
        Vector256<ushort> pairs = Vector256.Load(block + BitPlane.Bytes + (vector % 2 * VectorBytes)).AsUInt16();
        int place = vector / 2 * 2;
        Vector256<ushort> upper = place <= 2 ? pairs << (2 - place) : pairs >> (place - 2);
        return (upper.AsByte() & Vector256.Create((byte)12)) | BitPlane.Load(block, vector, 1);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Put(byte* block, int row, int column, int code)
    {
        BitPlane.Put(block, row, column, code, 0);
        block[Place(row, column)] |= (byte)((code >> 1) << Shift(column));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void PutRow(byte* block, int row, byte* codes)
    {
        BitPlane.PutRow(block, row, codes, 0);
        for (int vector = 0; vector < 2; vector++)
        {
            uint pairs = 0;
            for (int place = 0; place < 8; place += 2)
            {
                pairs |= ((((uint*)codes)[vector + place] >> 1) & Pairs) << place;
            }

            *(uint*)(block + BitPlane.Bytes + (vector * VectorBytes) + (row * sizeof(uint))) = pairs;
        }
    }

    /// <inheritdoc/>
    public static unsafe int Get(byte* block, int row, int column) =>
        (((block[Place(row, column)] >> Shift(column)) & 3) << 1) | BitPlane.Get(block, row, column, 0);

    private static int Place(int row, int column) =>
        BitPlane.Bytes + (column / 4 % 2 * VectorBytes) + (row * 4) + (column % 4);

    private static int Shift(int column) => column / 8 * 2;
}
