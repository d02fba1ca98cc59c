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
        WriteIndices(book, numbers, block.Slice(2, 32), block[66..], upperBits: 2);
        WriteSigns(numbers, block.Slice(34, 32));
        WriteScales(numbers, block[74..]);
    }
}
