using System.Buffers.Binary;
using Hypercompress.NumberFormats.Blocks.Books;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// IQ3_XXS: half d, 64 bytes of group numbers, then for every 32 elements a word of four times seven signs and a 4-bit
/// small number.
/// </summary>
/// <param name="book">The code book.</param>
internal sealed class Iq3XxsPacker(CodeBook book) : BookPacker(book.Levels)
{
    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        WriteHalf(block, numbers.Scale);
        for (int group = 0; group < 64; group++)
        {
            block[2 + group] = (byte)IndexOf(book, numbers, group);
        }

        for (int part = 0; part < numbers.Scales.Length; part++)
        {
            uint word = (uint)numbers.Scales[part] << 28;
            for (int l = 0; l < 4; l++)
            {
                word |= (uint)SevenSignsOf(numbers, (4 * part) + l) << (7 * l);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(block[(66 + (4 * part))..], word);
        }
    }
}
