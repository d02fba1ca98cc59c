using System.Buffers.Binary;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// IQ4_XS: half d, the upper two bits of eight 6-bit small numbers of steps (shifted by 32), their lower four bits,
/// then the codes of each part as in IQ4_NL.
/// </summary>
internal sealed class UnevenPacker : BlockPacker
{
    private const int Shift = 32, Part = 32;

    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        WriteHalf(block, numbers.Scale);
        int upper = 0;
        for (int part = 0; part < numbers.Scales.Length; part++)
        {
            int small = numbers.Scales[part] + Shift;
            upper |= (small >> 4) << (2 * part);
            block[4 + (part / 2)] |= (byte)((small & 15) << (part % 2 * 4));
        }

        BinaryPrimitives.WriteUInt16LittleEndian(block[2..], (ushort)upper);
        for (int i = 0; i < numbers.Codes.Length; i++)
        {
            (int part, int l) = (i / Part, i % Part);
            block[8 + (part * Part / 2) + (l % 16)] |= (byte)(numbers.Codes[i] << (l / 16 * 4));
        }
    }
}
