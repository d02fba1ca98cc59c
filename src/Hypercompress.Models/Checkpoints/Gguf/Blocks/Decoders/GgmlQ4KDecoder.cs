namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// Q4_K and Q5_K: x = d·sc·q − dmin·m with a 6-bit sc and m for every 32 elements.
/// Layout: half d, half dmin, 12 bytes of packed sc and m, for Q5_K 32 bytes of fifth bits, 128 bytes of low four bits.
/// </summary>
/// <param name="hasFifthBit">Whether this is Q5_K.</param>
internal sealed class GgmlQ4KDecoder(bool hasFifthBit) : GgmlBlockDecoder(GgmlBlock.Large, hasFifthBit ? 176 : 144)
{
    private const int Chunk = 64;
    private const int Half = 32;

    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block);
        float minimum = ReadHalf(block[2..]);
        var packed = block.Slice(4, 12);
        var fifth = hasFifthBit ? block.Slice(16, Half) : default;
        var codes = block[(hasFifthBit ? 48 : 16)..];
        for (int chunk = 0; chunk < GgmlBlock.Large / Chunk; chunk++)
        {
            var (lowScale, lowMinimum) = Unpack(packed, 2 * chunk);
            var (highScale, highMinimum) = Unpack(packed, (2 * chunk) + 1);
            var (lowStep, lowStart) = (scale * lowScale, minimum * lowMinimum);
            var (highStep, highStart) = (scale * highScale, minimum * highMinimum);
            var part = codes.Slice(chunk * Half, Half);
            var low = values.Slice(chunk * Chunk, Half);
            var high = values.Slice((chunk * Chunk) + Half, Half);
            for (int l = 0; l < Half; l++)
            {
                int bits = hasFifthBit ? fifth[l] >> (2 * chunk) : 0;
                low[l] = (lowStep * ((part[l] & 15) | ((bits & 1) << 4))) - lowStart;
                high[l] = (highStep * ((part[l] >> 4) | ((bits & 2) << 3))) - highStart;
            }
        }
    }

    /// <summary>The 6-bit scale and minimum of one sub-block out of the 12 packed bytes.</summary>
    private static (int Scale, int Minimum) Unpack(ReadOnlySpan<byte> packed, int j) => j < 4
        ? (packed[j] & 63, packed[j + 4] & 63)
        : ((packed[j + 4] & 15) | ((packed[j - 4] >> 6) << 4), (packed[j + 4] >> 4) | ((packed[j] >> 6) << 4));
}
