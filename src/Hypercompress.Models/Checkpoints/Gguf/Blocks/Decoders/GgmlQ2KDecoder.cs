namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// Q2_K: x = d·sc·q − dmin·m with a 4-bit sc and m for every 16 elements.
/// Layout: 16 bytes of sc (low) and m (high), 64 bytes of codes, half d, half dmin.
/// </summary>
internal sealed class GgmlQ2KDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 84)
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block[80..]);
        float minimum = ReadHalf(block[82..]);
        for (int group = 0; group < 16; group++)
        {
            // 8 groups of 16 lie in one half: two groups side by side for each pair of bits.
            var codes = block.Slice(16 + (group / 8 * 32) + (group % 2 * 16), 16);
            int shift = group % 8 / 2 * 2;
            float step = scale * (block[group] & 15);
            float start = minimum * (block[group] >> 4);
            var part = values.Slice(16 * group, 16);
            for (int l = 0; l < part.Length; l++)
            {
                part[l] = (step * ((codes[l] >> shift) & 3)) - start;
            }
        }
    }
}
