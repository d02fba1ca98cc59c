namespace Hypercompress.Models.Checkpoints.Gguf.Blocks.Decoders;

/// <summary>
/// TQ1_0: values −d, 0 and d, five of them in a byte, as a fraction of 256 whose digits of base three are taken by
/// multiplying. Layout: 48 bytes of five (32, then 16 that run side by side), four bytes of four, half d.
/// </summary>
internal sealed class GgmlTernaryDecoder() : GgmlBlockDecoder(GgmlBlock.Large, 54)
{
    /// <inheritdoc/>
    protected override void DecodeBlock(ReadOnlySpan<byte> block, Span<float> values)
    {
        float scale = ReadHalf(block[52..]);
        Spread(block[..32], 5, scale, values);
        Spread(block[32..48], 5, scale, values[160..]);
        Spread(block[48..52], 4, scale, values[240..]);
    }

    private static void Spread(ReadOnlySpan<byte> bytes, int digits, float scale, Span<float> values)
    {
        byte power = 1;
        for (int digit = 0; digit < digits; digit++, power *= 3)
        {
            for (int i = 0; i < bytes.Length; i++)
            {
                byte shifted = (byte)(bytes[i] * power);
                values[(digit * bytes.Length) + i] = scale * (((shifted * 3) >> 8) - 1);
            }
        }
    }
}
