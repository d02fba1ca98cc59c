using System.Buffers.Binary;
using System.Collections.Immutable;
using Hypercompress.NumberFormats.Blocks.Books;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// IQ1_S: half d, the lower eight bits of 32 group numbers, then for every 32 elements a word of four times their upper
/// three bits, a 3-bit small number and whether levels are moved down.
/// </summary>
/// <param name="books">The groups moved down, and the groups moved up.</param>
internal sealed class Iq1SPacker(ImmutableArray<CodeBook> books)
    : BookPacker([.. books.SelectMany(book => book.Levels).Distinct().Order()])
{
    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        WriteHalf(block, numbers.Scale);
        for (int part = 0; part < numbers.Scales.Length; part++)
        {
            bool isDown = IndexOf(books[0], numbers, 4 * part) >= 0;
            int word = (numbers.Scales[part] << 12) | (isDown ? 0x8000 : 0);
            for (int l = 0; l < 4; l++)
            {
                int index = IndexOf(books[isDown ? 0 : 1], numbers, (4 * part) + l);
                block[2 + (4 * part) + l] = (byte)index;
                word |= index >> 8 << (3 * l);
            }

            BinaryPrimitives.WriteUInt16LittleEndian(block[(34 + (2 * part))..], (ushort)word);
        }
    }
}
