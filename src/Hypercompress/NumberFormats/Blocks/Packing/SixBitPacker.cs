namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// Q6_K: 128 bytes of the low four bits, 64 bytes of the upper two, 16 signed small numbers of steps, half d. Of 128
/// elements, four at a distance of 32 share two bytes of low bits and one of upper bits.
/// </summary>
internal sealed class SixBitPacker : BlockPacker
{
    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        for (int i = 0; i < numbers.Codes.Length; i++)
        {
            int code = numbers.Codes[i];
            (int half, int quarter, int l) = (i / 128, i % 128 / 32, i % 32);
            block[(64 * half) + (quarter % 2 * 32) + l] |= (byte)((code & 15) << (quarter / 2 * 4));
            block[128 + (32 * half) + l] |= (byte)((code >> 4) << (2 * quarter));
        }

        for (int part = 0; part < numbers.Scales.Length; part++)
        {
            block[192 + part] = (byte)(sbyte)numbers.Scales[part];
        }

        WriteHalf(block[208..], numbers.Scale);
    }
}
