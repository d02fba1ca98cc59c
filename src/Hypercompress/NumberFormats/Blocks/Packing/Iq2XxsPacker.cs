using System.Buffers.Binary;
using Hypercompress.NumberFormats.Blocks.Books;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// IQ2_XXS: half d, then for every 32 elements four bytes of group numbers and a word of four times seven signs and a
/// 4-bit small number.
/// </summary>
/// <param name="book">The code book.</param>
internal sealed class Iq2XxsPacker(CodeBook book) : BookPacker(book.Levels)
{
    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        WriteHalf(block, numbers.Scale);
        for (int part = 0; part < numbers.Scales.Length; part++)
        {
            Span<byte> stored = block.Slice(2 + (8 * part), 8);
            uint word = (uint)numbers.Scales[part] << 28;
            for (int l = 0; l < 4; l++)
            {
                stored[l] = (byte)IndexOf(book, numbers, (4 * part) + l);
                word |= (uint)SevenSignsOf(numbers, (4 * part) + l) << (7 * l);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(stored[4..], word);
        }
    }
}
