namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// Q2_K: 16 bytes of the small numbers of step (low half) and base (high half), 64 bytes of codes, half d, half dmin.
/// Of 128 elements, the codes of the elements l, l + 32, l + 64 and l + 96 share byte l.
/// </summary>
internal sealed class TwoBitPacker : BlockPacker
{
    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        for (int part = 0; part < numbers.Scales.Length; part++)
        {
            block[part] = (byte)(numbers.Scales[part] | (numbers.Bases[part] << 4));
        }

        for (int i = 0; i < numbers.Codes.Length; i++)
        {
            block[16 + (i / 128 * 32) + (i % 32)] |= (byte)(numbers.Codes[i] << (i % 128 / 32 * 2));
        }

        WriteHalf(block[80..], numbers.Scale);
        WriteHalf(block[82..], numbers.Base);
    }
}
