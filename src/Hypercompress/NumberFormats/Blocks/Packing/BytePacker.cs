namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>Q8_0: half d, then 32 signed bytes.</summary>
internal sealed class BytePacker : BlockPacker
{
    private const int Zero = 127;

    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        WriteHalf(block, numbers.Scale);
        for (int j = 0; j < numbers.Codes.Length; j++)
        {
            block[2 + j] = (byte)(sbyte)(numbers.Codes[j] - Zero);
        }
    }
}
