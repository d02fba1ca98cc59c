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

    /// <summary>Writes the numbers of all groups, their lower eight bits apart from the upper ones.</summary>
    /// <param name="book">The code book.</param>
    /// <param name="numbers">What the block stores.</param>
    /// <param name="lower">The bytes of the lower bits, one a group.</param>
    /// <param name="upper">Bytes that start with the upper bits, the first group in the lowest ones.</param>
    /// <param name="upperBits">Upper bits of a number; divides 8.</param>
    protected void WriteIndices(
        CodeBook book, BlockNumbers numbers, Span<byte> lower, Span<byte> upper, int upperBits)
    {
        int groupsPerByte = 8 / upperBits;
        for (int group = 0; group < lower.Length; group++)
        {
            int index = IndexOf(book, numbers, group);
            lower[group] = (byte)index;
            upper[group / groupsPerByte] |= (byte)(index >> 8 << (upperBits * (group % groupsPerByte)));
        }
    }

    /// <summary>Writes the signs of all values, one a bit.</summary>
    /// <param name="numbers">What the block stores.</param>
    /// <param name="signs">The bytes of the signs, one for every eight neighbours.</param>
    protected void WriteSigns(BlockNumbers numbers, Span<byte> signs)
    {
        for (int cell = 0; cell < signs.Length; cell++)
        {
            signs[cell] = (byte)SignsOf(numbers, cell);
        }
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
