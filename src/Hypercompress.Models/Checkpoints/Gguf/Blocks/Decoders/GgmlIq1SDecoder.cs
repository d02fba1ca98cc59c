using System.Buffers.Binary;

namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// IQ1_S: groups of eight values g of a code book of 2048, shifted by δ = ±⅛. Layout: half d, 32 bytes of lower index
/// bits, then for every 32 elements a word of four times three upper index bits, a 3-bit scale s and the sign of δ: d
/// (1 + 2 s) (g + δ).
/// </summary>
internal sealed class GgmlIq1SDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 50)
{
    private const float Shift = 0.125f;

    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block);
        for (int group = 0; group < 32; group++)
        {
            int word = BinaryPrimitives.ReadUInt16LittleEndian(block[(34 + (2 * (group / 4)))..]);
            int index = block[2 + group] | (((word >> (3 * (group % 4))) & 7) << 8);
            Write(
                GgmlGridTables.Iq1[index],
                scale * (1 + (2 * ((word >> 12) & 7))),
                (word & 0x8000) == 0 ? Shift : -Shift,
                values.Slice(8 * group, 8));
        }
    }

    /// <summary>Writes scaled and shifted values.</summary>
    /// <param name="group">The values of the code book.</param>
    /// <param name="step">The scale.</param>
    /// <param name="shift">What is added before scaling.</param>
    /// <param name="destination">As many values.</param>
    internal static void Write(ReadOnlySpan<sbyte> group, float step, float shift, Span<float> destination)
    {
        for (int j = 0; j < group.Length; j++)
        {
            destination[j] = step * (group[j] + shift);
        }
    }
}
