namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// Q3_K: x = d·(sc − 32)·(q − 4) with a 6-bit sc for every 16 elements.
/// Layout: 32 bytes of third bits, 64 bytes of low two bits, 12 bytes of packed sc, half d.
/// </summary>
internal sealed class GgmlQ3KDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 110)
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block[108..]);
        var packed = block.Slice(96, 12);
        for (int group = 0; group < 16; group++)
        {
            var codes = block.Slice(32 + (group / 8 * 32) + (group % 2 * 16), 16);
            var third = block.Slice(group % 2 * 16, 16);
            int shift = group % 8 / 2 * 2;
            int thirdShift = group / 2;
            float step = scale * (Unpack(packed, group) - 32);
            var part = values.Slice(16 * group, 16);
            for (int l = 0; l < part.Length; l++)
            {
                int code = ((codes[l] >> shift) & 3) | (((third[l] >> thirdShift) & 1) << 2);
                part[l] = step * (code - 4);
            }
        }
    }

    /// <summary>
    /// Low four bits in the first 8 bytes (two groups each), upper two bits in the last 4 (four groups each).
    /// </summary>
    private static int Unpack(ReadOnlySpan<byte> packed, int group)
    {
        int low = (packed[group % 8] >> (group / 8 * 4)) & 15;
        int high = (packed[8 + (group % 4)] >> (group / 4 * 2)) & 3;
        return low | (high << 4);
    }
}
