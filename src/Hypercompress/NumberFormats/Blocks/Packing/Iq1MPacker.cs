using System.Buffers.Binary;
using Hypercompress.NumberFormats.Blocks.Books;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>
/// IQ1_M: the lower eight bits of 32 group numbers, for every two their upper three bits and whether levels are moved
/// up or down, four words of four 3-bit small numbers, in whose upper bits the half d is spread.
/// </summary>
/// <param name="book">The groups moved down, then the groups moved up.</param>
internal sealed class Iq1MPacker(CodeBook book) : BookPacker(book.Levels)
{
    /// <inheritdoc/>
    protected override void Fill(BlockNumbers numbers, Span<byte> block)
    {
        int half = book.Groups.Length / 2;
        for (int group = 0; group < 32; group++)
        {
            int index = IndexOf(book, numbers, group);
            (bool isDown, int own) = (index < half, index % half);
            block[group] = (byte)own;
            block[32 + (group / 2)] |= (byte)(((own >> 8) | (isDown ? 8 : 0)) << (4 * (group % 2)));
        }

        ushort scale = BitConverter.HalfToUInt16Bits(numbers.Scale);
        for (int word = 0; word < 4; word++)
        {
            int bits = ((scale >> (4 * word)) & 15) << 12;
            for (int k = 0; k < 4; k++)
            {
                bits |= numbers.Scales[(4 * word) + k] << (3 * k);
            }

            BinaryPrimitives.WriteUInt16LittleEndian(block[(48 + (2 * word))..], (ushort)bits);
        }
    }
}
