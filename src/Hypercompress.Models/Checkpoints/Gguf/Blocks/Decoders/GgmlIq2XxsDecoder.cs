using System.Buffers.Binary;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// IQ2_XXS: groups of eight values of a code book of 256. Layout: half d, then for every 32 elements four bytes of code
/// book indices and a word of four times seven signs and a 4-bit scale s: d (s + ½) / 4.
/// </summary>
internal sealed class GgmlIq2XxsDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 66)
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block);
        for (int part = 0; part < 8; part++)
        {
            var stored = block.Slice(2 + (8 * part), 8);
            uint word = BinaryPrimitives.ReadUInt32LittleEndian(stored[4..]);
            float step = scale * (0.5f + (word >> 28)) * 0.25f;
            for (int l = 0; l < 4; l++)
            {
                int signs = GgmlGrid.EvenSigns((word >> (7 * l)) & 127);
                GgmlGridTables.Iq2Xxs.Write(stored[l], signs, step, values.Slice((32 * part) + (8 * l), 8));
            }
        }
    }
}
