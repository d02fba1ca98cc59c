namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// Q3_K: 32 bytes of third bits (bit i / 32 of byte i mod 32), 64 bytes of the low two bits as in Q2_K, 12 bytes of
/// 6-bit small numbers of steps, shifted by 32, and half d.
/// </summary>
internal sealed class ThreeBitPacker : BlockPacker
{
    private const int Shift = 32;

    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        for (int i = 0; i < numbers.Codes.Length; i++)
        {
            int code = numbers.Codes[i];
            block[i % 32] |= (byte)((code >> 2) << (i / 32));
            block[32 + (i / 128 * 32) + (i % 32)] |= (byte)((code & 3) << (i % 128 / 32 * 2));
        }

        Span<byte> packed = block.Slice(96, 12);
        for (int part = 0; part < numbers.Scales.Length; part++)
        {
            int small = numbers.Scales[part] + Shift;
            packed[part % 8] |= (byte)((small & 15) << (part / 8 * 4));
            packed[8 + (part % 4)] |= (byte)(small >> 4 << (part / 4 * 2));
        }

        WriteHalf(block[108..], numbers.Scale);
    }
}
