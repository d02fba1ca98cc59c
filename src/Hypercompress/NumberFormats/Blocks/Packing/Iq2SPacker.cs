using Hypercompress.NumberFormats.Blocks.Books;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// IQ2_S: half d, the lower eight bits of 32 group numbers, eight signs for each, their upper two bits, 4-bit small
/// numbers for every 16 elements.
/// </summary>
/// <param name="book">The code book.</param>
internal sealed class Iq2SPacker(CodeBook book) : BookPacker(book.Levels)
{
    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        WriteHalf(block, numbers.Scale);
        for (int group = 0; group < 32; group++)
        {
            int index = IndexOf(book, numbers, group);
            block[2 + group] = (byte)index;
            block[34 + group] = (byte)SignsOf(numbers, group);
            block[66 + (group / 4)] |= (byte)(index >> 8 << (2 * (group % 4)));
        }

        WriteScales(numbers, block[74..]);
    }
}
