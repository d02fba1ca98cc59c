using Hypercompress.NumberFormats.Blocks.Books;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// IQ3_S: half d, the lower eight bits of 64 group numbers, their upper bit, eight signs for every two groups, 4-bit
/// small numbers for every 32 elements.
/// </summary>
/// <param name="book">The code book.</param>
internal sealed class Iq3SPacker(CodeBook book) : BookPacker(book.Levels)
{
    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        WriteHalf(block, numbers.Scale);
        for (int group = 0; group < 64; group++)
        {
            int index = IndexOf(book, numbers, group);
            block[2 + group] = (byte)index;
            block[66 + (group / 8)] |= (byte)(index >> 8 << (group % 8));
        }

        for (int cell = 0; cell < 32; cell++)
        {
            block[74 + cell] = (byte)SignsOf(numbers, cell);
        }

        WriteScales(numbers, block[106..]);
    }
}
