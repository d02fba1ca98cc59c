namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// IQ2_S: groups of eight values of a code book of 1024. Layout: half d, 32 bytes of lower index bits, 32 bytes of
/// signs, eight bytes of four times two upper index bits, eight bytes of two 4-bit scales s for 16 elements each: d (s
/// + ½) / 4.
/// </summary>
internal sealed class GgmlIq2SDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 82)
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block);
        for (int group = 0; group < 32; group++)
        {
            (int part, int l) = (group / 4, group % 4);
            int scales = block[74 + part];
            int half = l < 2 ? scales & 15 : scales >> 4;
            int index = block[2 + group] | (((block[66 + part] >> (2 * l)) & 3) << 8);
            GgmlGridTables.Iq2S.Write(
                index, block[34 + group], scale * (0.5f + half) * 0.25f, values.Slice(8 * group, 8));
        }
    }
}
