using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Hypercompress.Models.Kernels.Panels;

/// <summary>Codes 0 to 127, a byte each: what a panel is widened to that has a few larger levels.</summary>
internal readonly struct SevenBitCodes : ICodes
{
    /// <summary>The code of zero.</summary>
    public const int Zero = 64;

    /// <inheritdoc/>
    public static int BlockBytes => ByteCodes.BlockBytes;

    /// <inheritdoc/>
    public static int Largest => 127;

    /// <summary>Unpacks blocks of another layout.</summary>
    /// <typeparam name="TCodes">The other layout.</typeparam>
    /// <param name="packed">The blocks.</param>
    /// <param name="blocks">How many.</param>
    /// <param name="zero">Their code of zero, at most <see cref="Zero"/>.</param>
    /// <param name="unpacked">Gets them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Unpack<TCodes>(byte* packed, int blocks, int zero, byte* unpacked)
        where TCodes : struct, ICodes
    {
        var offset = Vector256.Create((byte)(Zero - zero));
        for (int block = 0; block < blocks; block++)
        {
            for (int vector = 0; vector < BlockBytes / Vector256<byte>.Count; vector++)
            {
                (TCodes.Load(packed, vector) + offset).Store(unpacked + (vector * Vector256<byte>.Count));
            }

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
}
