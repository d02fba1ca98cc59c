using System.Buffers.Binary;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// Q4_0, Q4_1, Q5_0, Q5_1 and IQ4_NL: half d, in the _1 forms half m, with five bits a word of fifth bits; then byte j
/// holds the low four bits of element j in its lower and of element j + 16 in its upper half.
/// </summary>
/// <param name="hasBase">Whether there is m.</param>
/// <param name="hasFifthBit">Whether codes have five bits.</param>
internal sealed class NibblePacker(bool hasBase, bool hasFifthBit) : BlockPacker
{
    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        WriteHalf(block, numbers.Scale);
        int at = 2;
        if (hasBase)
        {
            WriteHalf(block[at..], numbers.Base);
            at += 2;
        }

        ReadOnlySpan<byte> codes = numbers.Codes;
        if (hasFifthBit)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[at..], FifthBits(codes));
            at += sizeof(uint);
        }

        int half = codes.Length / 2;
        for (int j = 0; j < half; j++)
        {
            block[at + j] = (byte)((codes[j] & 15) | ((codes[j + half] & 15) << 4));
        }
    }

    private static uint FifthBits(ReadOnlySpan<byte> codes)
    {
        uint bits = 0;
        for (int j = 0; j < codes.Length; j++)
        {
            bits |= (uint)(codes[j] >> 4) << j;
        }

        return bits;
    }
}
