using System.Buffers.Binary;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// IQ2_XS: groups of eight values of a code book of 512. Layout: half d, 32 words of a 9-bit index and seven signs,
/// eight bytes of two 4-bit scales s for 16 elements each: d (s + ½) / 4.
/// </summary>
internal sealed class GgmlIq2XsDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 74)
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block);
        for (int group = 0; group < 32; group++)
        {
            int scales = block[66 + (group / 4)];
            int half = group % 4 < 2 ? scales & 15 : scales >> 4;
            int word = BinaryPrimitives.ReadUInt16LittleEndian(block[(2 + (2 * group))..]);
            int signs = GgmlGrid.EvenSigns((uint)word >> 9);
            GgmlGridTables.Iq2Xs.Write(word & 511, signs, scale * (0.5f + half) * 0.25f, values.Slice(8 * group, 8));
        }
    }
}
