using System.Runtime.InteropServices;
using Hypercompress.NumberFormats;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>
/// The layout <c>pack-quantized</c> of compressed-tensors for codes of 4 and 8 bits: rows are streams of bits, lowest
/// bit first, in little-endian words of 32 bits.
/// </summary>
internal static class PackedCodes
{
    /// <summary>Words of a row.</summary>
    /// <param name="columns">Codes of a row.</param>
    /// <param name="bits">4 or 8.</param>
    public static long Words(long columns, int bits) => ((columns * bits) + 31) / 32;

    /// <summary>Packs codes.</summary>
    /// <param name="codes">
    /// uint8 [rows, bytes]: each row a stream of bits, symmetric codes with 2^(bits−1) added.
    /// </param>
    /// <param name="words">Words of a row.</param>
    /// <returns>int32 [rows, words]; belongs to the current dispose scope.</returns>
    public static Tensor Pack(Tensor codes, long words)
    {
        using var scope = NewDisposeScope();
        Tensor padded = zeros(codes.shape[0], words * sizeof(int), dtype: ScalarType.Byte);
        padded.narrow(1, 0, codes.shape[1]).copy_(codes);
        int[] values = MemoryMarshal.Cast<byte, int>(padded.bytes).ToArray();
        return tensor(values, [codes.shape[0], words], ScalarType.Int32).MoveToOuterDisposeScope();
    }

    /// <summary>The inverse of <see cref="Pack"/>.</summary>
    /// <param name="packed">int32 [rows, words].</param>
    /// <param name="columns">Codes of a row.</param>
    /// <param name="bits">4 or 8.</param>
    /// <returns>uint8 [rows, bytes]; belongs to the current dispose scope.</returns>
    public static Tensor Unpack(Tensor packed, long columns, int bits)
    {
        using var scope = NewDisposeScope();
        Tensor contiguous = packed.contiguous();
        byte[] values = contiguous.bytes.ToArray();
        return tensor(values, [packed.shape[0], packed.shape[1] * sizeof(int)], ScalarType.Byte)
            .narrow(1, 0, BitPacking.RowBytes(columns, bits)).contiguous().MoveToOuterDisposeScope();
    }
}
