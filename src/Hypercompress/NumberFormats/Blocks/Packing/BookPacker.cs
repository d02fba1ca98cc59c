using System.Collections.Immutable;
using System.Numerics;
using Hypercompress.NumberFormats.Blocks.Books;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>Blocks whose codes are numbers of groups in a code book, and signs.</summary>
/// <param name="levels">The levels by code.</param>
internal abstract class BookPacker(ImmutableArray<int> levels) : BlockPacker
{
    /// <summary>The number of a group.</summary>
    /// <param name="book">The code book.</param>
    /// <param name="numbers">What the block stores.</param>
    /// <param name="group">0-based group of the block.</param>
    /// <returns>The number; −1 where the book has no such group.</returns>
    protected int IndexOf(CodeBook book, BlockNumbers numbers, int group)
    {
        Span<int> own = stackalloc int[book.Width];
        for (int k = 0; k < own.Length; k++)
        {
            own[k] = levels[numbers.Codes[(group * book.Width) + k]];
        }

        return book.IndexOf(own);
    }

    /// <summary>The signs of eight neighbours: bit j is set where value j is negative.</summary>
    /// <param name="numbers">What the block stores.</param>
    /// <param name="cell">0-based eight of the block.</param>
    protected int SignsOf(BlockNumbers numbers, int cell)
    {
        int signs = 0;
        for (int k = 0; k < CodeBook.Cell; k++)
        {
            signs |= levels[numbers.Codes[(cell * CodeBook.Cell) + k]] < 0 ? 1 << k : 0;
        }

        return signs;
    }

    /// <summary>Seven of eight signs, where the number of negative values is even.</summary>
    /// <param name="numbers">What the block stores.</param>
    /// <param name="cell">0-based eight of the block.</param>
    /// <exception cref="ArgumentException">The number of negative values is odd.</exception>
    protected int SevenSignsOf(BlockNumbers numbers, int cell)
    {
        int signs = SignsOf(numbers, cell);
        return int.IsEvenInteger(BitOperations.PopCount((uint)signs)) ? signs & 127
            : throw new ArgumentException("an odd number of eight values is negative", nameof(numbers));
    }

    /// <summary>Writes small numbers of steps, two to a byte, the first in the lower half.</summary>
    /// <param name="numbers">What the block stores.</param>
    /// <param name="bytes">Bytes that start with them.</param>
    protected static void WriteScales(BlockNumbers numbers, Span<byte> bytes)
    {
        for (int part = 0; part < numbers.Scales.Length; part++)
        {
            bytes[part / 2] |= (byte)(numbers.Scales[part] << (part % 2 * 4));
        }
    }
}
