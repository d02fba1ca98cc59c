using System.Numerics;
using Hypercompress.NumberFormats.Blocks.Grids;

namespace Hypercompress.NumberFormats.Blocks.Packing;

/// <summary>Blocks whose codes are numbers of groups in a code book, and signs.</summary>
/// <param name="book">The code book.</param>
internal abstract class BookPacker(CodeBook book) : BlockPacker
{
    /// <summary>The number of a group.</summary>
    /// <param name="numbers">What the block stores.</param>
    /// <param name="group">0-based group of the block.</param>
    protected int IndexOf(BlockNumbers numbers, int group)
    {
        Span<sbyte> magnitudes = stackalloc sbyte[book.Width];
        for (int k = 0; k < magnitudes.Length; k++)
        {
            magnitudes[k] = (sbyte)int.Abs(book.Levels[numbers.Codes[(group * book.Width) + k]]);
        }

        return book.IndexOf(magnitudes);
    }

    /// <summary>The signs of eight neighbours: bit j is set where value j is negative.</summary>
    /// <param name="numbers">What the block stores.</param>
    /// <param name="cell">0-based eight of the block.</param>
    /// <exception cref="ArgumentException">An odd number is negative where the format holds none.</exception>
    protected int SignsOf(BlockNumbers numbers, int cell)
    {
        int signs = 0;
        for (int k = 0; k < CodeBook.Cell; k++)
        {
            signs |= book.Levels[numbers.Codes[(cell * CodeBook.Cell) + k]] < 0 ? 1 << k : 0;
        }

        if (book.HasEvenSigns && int.IsOddInteger(BitOperations.PopCount((uint)signs)))
        {
            throw new ArgumentException("an odd number of eight values is negative", nameof(numbers));
        }

        return book.HasEvenSigns ? signs & 127 : signs;
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
