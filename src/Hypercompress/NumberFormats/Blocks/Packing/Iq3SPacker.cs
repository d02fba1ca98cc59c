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
        WriteIndices(book, numbers, block.Slice(2, 64), block[66..], upperBits: 1);
        WriteSigns(numbers, block.Slice(74, 32));
        WriteScales(numbers, block[106..]);
    }
}
