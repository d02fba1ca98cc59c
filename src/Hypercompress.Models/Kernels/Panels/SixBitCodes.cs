using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// Codes 0 to 63: the low four bits as <see cref="NibbleCodes"/>, then the upper two as a <see cref="PairPlane"/>.
/// </summary>
internal readonly struct SixBitCodes : IStepCodes
{
    /// <inheritdoc/>
    public static int BlockBytes => 192;

    /// <inheritdoc/>
    public static int Largest => 63;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<byte> Load(byte* block, int vector) =>
        NibbleCodes.Load(block, vector) | PairPlane.Load(block + NibbleCodes.Bytes, vector, 4);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Put(byte* block, int row, int column, int code)
    {
        NibbleCodes.Put(block, row, column, code & NibbleCodes.Largest);
        PairPlane.Put(block + NibbleCodes.Bytes, row, column, code, 4);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void PutRow(byte* block, int row, byte* codes)
    {
        NibbleCodes.PutRow(block, row, codes);
        PairPlane.PutRow(block + NibbleCodes.Bytes, row, codes, 4);
    }

    /// <inheritdoc/>
    public static unsafe int Get(byte* block, int row, int column) =>
        NibbleCodes.Get(block, row, column) | PairPlane.Get(block + NibbleCodes.Bytes, row, column, 4);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<uint> LoadLowest(byte* block) => NibbleCodes.LoadLowest(block);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<byte> LoadDoubled(byte* block, int vector) =>
        NibbleCodes.LoadDoubled(block, vector) | PairPlane.Load(block + NibbleCodes.Bytes, vector, 5);
}
