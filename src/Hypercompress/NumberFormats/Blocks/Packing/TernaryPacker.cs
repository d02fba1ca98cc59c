namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// TQ2_0: two runs of 32 bytes, each of four times 32 codes, the first in the lowest bits, then half d.
/// </summary>
internal sealed class TernaryPacker : BlockPacker
{
    private const int Run = 32, PerByte = 4;

    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        for (int i = 0; i < numbers.Codes.Length; i++)
        {
            (int run, int within) = (i / (Run * PerByte), i % (Run * PerByte));
            block[(run * Run) + (within % Run)] |= (byte)(numbers.Codes[i] << (2 * (within / Run)));
        }

        WriteHalf(block[(numbers.Codes.Length / PerByte)..], numbers.Scale);
    }
}
