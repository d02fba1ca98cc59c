namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// Q4_K and Q5_K: half d, half dmin, 12 bytes of 6-bit small numbers of steps and bases, for Q5_K 32 bytes of fifth
/// bits, 128 bytes of the low four bits: of 64 elements, l in the lower and l + 32 in the upper half of byte l.
/// </summary>
/// <param name="hasFifthBit">Whether this is Q5_K.</param>
internal sealed class FourBitPacker(bool hasFifthBit) : BlockPacker
{
    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        WriteHalf(block, numbers.Scale);
        WriteHalf(block[2..], numbers.Base);
        for (int part = 0; part < numbers.Scales.Length; part++)
        {
            PackSmall(block.Slice(4, 12), part, numbers.Scales[part], numbers.Bases[part]);
        }

        Span<byte> low = block[(hasFifthBit ? 48 : 16)..];
        for (int i = 0; i < numbers.Codes.Length; i++)
        {
            int code = numbers.Codes[i];
            (int chunk, int upper, int l) = (i / 64, i % 64 / 32, i % 32);
            low[(32 * chunk) + l] |= (byte)((code & 15) << (4 * upper));
            if (hasFifthBit)
            {
                block[16 + l] |= (byte)((code >> 4) << ((2 * chunk) + upper));
            }
        }
    }

    private static void PackSmall(Span<byte> packed, int j, int scale, int low)
    {
        if (j < 4)
        {
            packed[j] |= (byte)scale;
            packed[j + 4] |= (byte)low;
            return;
        }

        packed[j + 4] |= (byte)((scale & 15) | ((low & 15) << 4));
        packed[j - 4] |= (byte)(scale >> 4 << 6);
        packed[j] |= (byte)(low >> 4 << 6);
    }
}
