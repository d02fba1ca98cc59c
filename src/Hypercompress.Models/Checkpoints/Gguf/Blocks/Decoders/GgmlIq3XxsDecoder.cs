using System.Buffers.Binary;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// IQ3_XXS: groups of four values of a code book of 256. Layout: half d, 64 bytes of indices, then for every 32
/// elements a word of four times seven signs and a 4-bit scale s: d (s + ½) / 2.
/// </summary>
internal sealed class GgmlIq3XxsDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 98)
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block);
        for (int group = 0; group < 64; group++)
        {
            (int part, int pair) = (group / 8, group % 8 / 2);
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(block[(66 + (4 * part))..]);
            int signs = GgmlGrid.EvenSigns((word >> (7 * pair)) & 127) >> (4 * (group % 2));
            float step = scale * (0.5f + (word >> 28)) * 0.5f;
            GgmlGridTables.Iq3Xxs.Write(block[2 + group], signs, step, values.Slice(4 * group, 4));
        }
    }
}
