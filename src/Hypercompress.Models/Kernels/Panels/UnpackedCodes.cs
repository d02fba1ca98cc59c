using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>Codes of another layout in a byte each: what a panel is unpacked to for many inputs.</summary>
/// <typeparam name="TCodes">The other layout.</typeparam>
internal readonly struct UnpackedCodes<TCodes> : ICodes
    where TCodes : struct, ICodes
{
    /// <inheritdoc/>
    public static int BlockBytes => ByteCodes.BlockBytes;

    /// <inheritdoc/>
    public static int Largest => TCodes.Largest;

    /// <summary>Unpacks blocks.</summary>
    /// <param name="packed">The blocks.</param>
    /// <param name="blocks">How many.</param>
    /// <param name="raise">What is added to every code; sums are at most 255.</param>
    /// <param name="unpacked">Gets them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Unpack(byte* packed, int blocks, byte raise, byte* unpacked)
    {
        var raises = Vector256.Create(raise);
        for (int block = 0; block < blocks; block++)
        {
            // Not a loop: shifts by constants are half the work.
            Unpack(packed, 0, raises, unpacked);
            Unpack(packed, 1, raises, unpacked);
            Unpack(packed, 2, raises, unpacked);
            Unpack(packed, 3, raises, unpacked);
            Unpack(packed, 4, raises, unpacked);
            Unpack(packed, 5, raises, unpacked);
            Unpack(packed, 6, raises, unpacked);
            Unpack(packed, 7, raises, unpacked);
            packed += TCodes.BlockBytes;
            unpacked += BlockBytes;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector256<byte> Load(byte* block, int vector) => ByteCodes.Load(block, vector);

    /// <inheritdoc/>
    public static unsafe void Put(byte* block, int row, int column, int code) =>
        ByteCodes.Put(block, row, column, code);

    /// <inheritdoc/>
    public static unsafe void PutRow(byte* block, int row, byte* codes) => ByteCodes.PutRow(block, row, codes);

    /// <inheritdoc/>
    public static unsafe int Get(byte* block, int row, int column) => ByteCodes.Get(block, row, column);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Unpack(byte* packed, int vector, Vector256<byte> raises, byte* unpacked) =>
        (TCodes.Load(packed, vector) + raises).Store(unpacked + (vector * Vector256<byte>.Count));
}
