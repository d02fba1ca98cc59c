using System.Buffers.Binary;
using Hypercompress.NumberFormats.Blocks.Books;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// IQ2_XS: half d, 32 words of a 9-bit group number and seven signs, 4-bit small numbers for every 16 elements.
/// </summary>
/// <param name="book">The code book.</param>
internal sealed class Iq2XsPacker(CodeBook book) : BookPacker(book.Levels)
{
    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        WriteHalf(block, numbers.Scale);
        for (int group = 0; group < 32; group++)
        {
            int word = IndexOf(book, numbers, group) | (SevenSignsOf(numbers, group) << 9);
            BinaryPrimitives.WriteUInt16LittleEndian(block[(2 + (2 * group))..], (ushort)word);
        }

        WriteScales(numbers, block[66..]);
    }
}
