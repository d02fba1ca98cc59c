using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>
/// Codes 0 to 127, a byte each: how levels of seven bits are held, and what a panel of fewer bits is unpacked to when
/// its corrections are merged into its codes.
/// </summary>
internal readonly struct SevenBitCodes : ICodes
{
    /// <summary>The code of zero.</summary>
    public const int Zero = 64;

    /// <inheritdoc/>
    public static int BlockBytes => ByteCodes.BlockBytes;

    /// <inheritdoc/>
    public static int Largest => 127;

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
}
