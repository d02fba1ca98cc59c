namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// IQ3_S: groups of four values of a code book of 512. Layout: half d, 64 bytes of lower index bits, eight bytes of
/// eight upper index bits, 32 bytes of signs, four bytes of two 4-bit scales s for 32 elements each: d (1 + 2 s).
/// </summary>
internal sealed class GgmlIq3SDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 110)
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block);
        for (int group = 0; group < 64; group++)
        {
            int part = group / 8;
            int scales = block[106 + (part / 2)];
            int step = 1 + (2 * (part % 2 == 0 ? scales & 15 : scales >> 4));
            int index = block[2 + group] | (((block[66 + part] >> (group % 8)) & 1) << 8);
            int signs = block[74 + (group / 2)] >> (4 * (group % 2));
            GgmlGridTables.Iq3S.Write(index, signs, scale * step, values.Slice(4 * group, 4));
        }
    }
}
