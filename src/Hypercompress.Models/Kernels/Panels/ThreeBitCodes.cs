using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// Codes 0 to 7: the lowest bit as a <see cref="BitPlane"/>, then the upper two as a <see cref="PairPlane"/>.
/// </summary>
internal readonly struct ThreeBitCodes : IStepCodes
{
    /// <inheritdoc/>
    public static int BlockBytes => 96;

    /// <inheritdoc/>
    public static int Largest => 7;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<byte> Load(byte* block, int vector) =>
        PairPlane.Load(block + BitPlane.Bytes, vector, 1) | BitPlane.Load(block, vector, 0);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<uint> LoadLowest(byte* block) => Vector256.Load((uint*)block);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<byte> LoadDoubled(byte* block, int vector) =>
        PairPlane.Load(block + BitPlane.Bytes, vector, 2) | BitPlane.Load(block, vector, 1);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Put(byte* block, int row, int column, int code)
    {
        BitPlane.Put(block, row, column, code, 0);
        PairPlane.Put(block + BitPlane.Bytes, row, column, code, 1);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void PutRow(byte* block, int row, byte* codes)
    {
        BitPlane.PutRow(block, row, codes, 0);
        PairPlane.PutRow(block + BitPlane.Bytes, row, codes, 1);
    }

    /// <inheritdoc/>
    public static unsafe int Get(byte* block, int row, int column) =>
        PairPlane.Get(block + BitPlane.Bytes, row, column, 1) | BitPlane.Get(block, row, column, 0);
}
