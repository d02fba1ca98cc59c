using System.Buffers.Binary;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// IQ1_M: groups of eight values g of a code book of 2048, shifted by δ = ±⅛. Layout: 32 bytes of lower index bits, 16
/// bytes of two times three upper index bits and the sign of δ, four words of four 3-bit scales s for 16 elements each,
/// in whose upper four bits the half d is spread: d (1 + 2 s) (g + δ).
/// </summary>
internal sealed class GgmlIq1MDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 56)
{
    private const float Shift = 0.125f;

    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = Scale(block);
        for (int group = 0; group < 32; group++)
        {
            int upper = block[32 + (group / 2)] >> (4 * (group % 2));
            int sixteen = group / 2;
            int scales = BinaryPrimitives.ReadUInt16LittleEndian(block[(48 + (2 * (sixteen / 4)))..]);
            GgmlIq1SDecoder.Write(
                GgmlGridTables.Iq1[block[group] | ((upper & 7) << 8)],
                scale * (1 + (2 * ((scales >> (3 * (sixteen % 4))) & 7))),
                (upper & 8) == 0 ? Shift : -Shift,
                values.Slice(8 * group, 8));
        }
    }

    private static float Scale(ReadOnlySpan<byte> block)
    {
        int bits = 0;
        for (int word = 0; word < 4; word++)
        {
            bits |= BinaryPrimitives.ReadUInt16LittleEndian(block[(48 + (2 * word))..]) >> 12 << (4 * word);
        }

        return (float)BitConverter.UInt16BitsToHalf((ushort)bits);
    }
}
