namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// Q6_K: x = d·sc·(q − 32) with a signed 8-bit sc for every 16 elements.
/// Layout: 128 bytes of low four bits, 64 bytes of upper two bits, 16 scales, half d.
/// </summary>
internal sealed class GgmlQ6KDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 210)
{
    private const int Quarter = 32;

    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block[208..]);
        for (int half = 0; half < 2; half++)
        {
            var low = block.Slice(64 * half, 64);
            var high = block.Slice(128 + (32 * half), 32);
            var scales = block.Slice(192 + (8 * half), 8);
            var part = values.Slice(128 * half, 128);
            for (int quarter = 0; quarter < 4; quarter++)
            {
                for (int l = 0; l < Quarter; l++)
                {
                    int fourBits = (low[l + (quarter % 2 * Quarter)] >> (quarter / 2 * 4)) & 15;
                    int twoBits = (high[l] >> (2 * quarter)) & 3;
                    float step = scale * (sbyte)scales[(2 * quarter) + (l / 16)];
                    part[(quarter * Quarter) + l] = step * ((fourBits | (twoBits << 4)) - 32);
                }
            }
        }
    }
}
