using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.NumberFormats.Blocks.Packing;

namespace Hypercompress.NumberFormats.Blocks.Grids;

/// <summary>The block types of GGUF that matrices are rounded to. A new one takes a line here and its packer.</summary>
internal static class BlockGrids
{
    private const int Small = 16, Medium = 32;

    /// <summary>All of them, by bits, the widest first.</summary>
    public static ImmutableArray<BlockGrid> All { get; } =
    [
        new(GgmlType.Q80, Medium, Even(-127, 127), new BytePacker()),
        new(GgmlType.Q6K, Small, Even(-32, 31), new SixBitPacker()) { Scales = (-128, 127) },
        new(GgmlType.Q51, Medium, Even(0, 31), new NibblePacker(true, true)) { HasBase = true },
        new(GgmlType.Q50, Medium, Even(-16, 15), new NibblePacker(false, true)),
        new(GgmlType.Q5K, Medium, Even(0, 31), new FourBitPacker(true))
        {
            HasBase = true, Scales = (0, 63), MostBase = 63,
        },
        new(GgmlType.Q41, Medium, Even(0, 15), new NibblePacker(true, false)) { HasBase = true },
        new(GgmlType.Q40, Medium, Even(-8, 7), new NibblePacker(false, false)),
        new(GgmlType.Iq4Nl, Medium, Uneven, new NibblePacker(false, false)),
        new(GgmlType.Q4K, Medium, Even(0, 15), new FourBitPacker(false))
        {
            HasBase = true, Scales = (0, 63), MostBase = 63,
        },
        new(GgmlType.Iq4Xs, Medium, Uneven, new UnevenPacker()) { Scales = (-32, 31) },
        Book(GgmlType.Iq3S, Medium, new(GgmlBlocks.Book(GgmlType.Iq3S), false), 1, book => new Iq3SPacker(book)),
        new(GgmlType.Q3K, Small, Even(-4, 3), new ThreeBitPacker()) { Scales = (-32, 31) },
        Book(GgmlType.Iq3Xxs, Medium, new(GgmlBlocks.Book(GgmlType.Iq3Xxs), true), 4, book => new Iq3XxsPacker(book)),
        new(GgmlType.Q2K, Small, Even(0, 3), new TwoBitPacker())
        {
            HasBase = true, Scales = (0, 15), MostBase = 15,
        },
        Book(GgmlType.Iq2S, Small, new(GgmlBlocks.Book(GgmlType.Iq2S), false), 8, book => new Iq2SPacker(book)),
        Book(GgmlType.Iq2Xs, Small, new(GgmlBlocks.Book(GgmlType.Iq2Xs), true), 8, book => new Iq2XsPacker(book)),
        Book(GgmlType.Iq2Xxs, Medium, new(GgmlBlocks.Book(GgmlType.Iq2Xxs), true), 8, book => new Iq2XxsPacker(book)),
    ];

    // The table of llama.cpp's IQ4_NL and IQ4_XS.
    private static ImmutableArray<int> Uneven =>
        [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    // Steps are odd multiples, up to 31, of a fraction of the stored number.
    private static BlockGrid Book(
        GgmlType type, int part, CodeBook book, int divisor, Func<CodeBook, BlockPacker> packer) =>
        new(type, part, book.Levels, packer(book)) { Book = book, Scales = (0, 15), IsOdd = true, Divisor = divisor };

    private static ImmutableArray<int> Even(int least, int most) =>
        [.. Enumerable.Range(least, most - least + 1)];
}
