namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// TQ1_0: 32 and 16 bytes of five codes and four bytes of four, each the digits of a fraction of 256 in base three,
/// then half d.
/// </summary>
internal sealed class TernaryDigitPacker : BlockPacker
{
    private const int Digits = 5, Fractions = 243;

    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        Write(numbers.Codes.AsSpan(0, 160), block[..32]);
        Write(numbers.Codes.AsSpan(160, 80), block[32..48]);
        Write(numbers.Codes.AsSpan(240), block[48..52]);
        WriteHalf(block[52..], numbers.Scale);
    }

    // Codes at the same digit follow each other; where bytes hold four, the last digit is 0.
    private static void Write(ReadOnlySpan<byte> codes, Span<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            int number = 0;
            for (int digit = 0; digit < Digits; digit++)
            {
                int at = (digit * bytes.Length) + i;
                number = (3 * number) + (at < codes.Length ? codes[at] : 0);
            }

            // Rounded up, so that multiplying gives the digits back.
            bytes[i] = (byte)(((number << 8) + Fractions - 1) / Fractions);
        }
    }
}
