using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.NumberFormats.Blocks.Books;
using Hypercompress.NumberFormats.Blocks.Packing;

namespace Hypercompress.NumberFormats.Blocks.Grids;

/// <summary>The block types of GGUF that matrices are rounded to. A new one takes a line here and its packer.</summary>
internal static class BlockGrids
{
    private const int Small = 16, Medium = 32, Large = 256;

    /// <summary>All of them, by bits, the widest first; each is made when it is asked for.</summary>
    public static ImmutableArray<(GgmlType Type, Lazy<BlockGrid> Grid)> All { get; } =
    [
        Later(GgmlType.Q80, type => new(type, Medium, Even(-127, 127), new BytePacker())),
        Later(GgmlType.Q6K, type => new(type, Small, Even(-32, 31), new SixBitPacker()) { Scales = (-128, 127) }),
        Later(GgmlType.Q51, type => new(type, Medium, Even(0, 31), new NibblePacker(true, true)) { HasBase = true }),
        Later(GgmlType.Q50, type => new(type, Medium, Even(-16, 15), new NibblePacker(false, true))),
        Later(GgmlType.Q5K, type => new(type, Medium, Even(0, 31), new FourBitPacker(true))
        {
            HasBase = true, Scales = (0, 63), MostBase = 63,
        }),
        Later(GgmlType.Q41, type => new(type, Medium, Even(0, 15), new NibblePacker(true, false)) { HasBase = true }),
        Later(GgmlType.Q40, type => new(type, Medium, Even(-8, 7), new NibblePacker(false, false))),
        Later(GgmlType.Iq4Nl, type => new(type, Medium, Uneven, new NibblePacker(false, false))),
        Later(GgmlType.Q4K, type => new(type, Medium, Even(0, 15), new FourBitPacker(false))
        {
            HasBase = true, Scales = (0, 63), MostBase = 63,
        }),
        Later(GgmlType.Iq4Xs, type => new(type, Medium, Uneven, new UnevenPacker()) { Scales = (-32, 31) }),
        Later(GgmlType.Iq3S, type => Magnitudes(type, Medium, SignRule.Free, 1, book => new Iq3SPacker(book))),
        Later(GgmlType.Q3K, type => new(type, Small, Even(-4, 3), new ThreeBitPacker()) { Scales = (-32, 31) }),
        Later(GgmlType.Iq3Xxs, type => Magnitudes(type, Medium, SignRule.Even, 4, book => new Iq3XxsPacker(book))),
        Later(GgmlType.Q2K, type => new(type, Small, Even(0, 3), new TwoBitPacker())
        {
            HasBase = true, Scales = (0, 15), MostBase = 15,
        }),
        Later(GgmlType.Iq2S, type => Magnitudes(type, Small, SignRule.Free, 8, book => new Iq2SPacker(book))),
        Later(GgmlType.Iq2Xs, type => Magnitudes(type, Small, SignRule.Even, 8, book => new Iq2XsPacker(book))),
        Later(GgmlType.Iq2Xxs, type => Magnitudes(type, Medium, SignRule.Even, 8, book => new Iq2XxsPacker(book))),
        Later(GgmlType.Tq20, type => new(type, Large, Even(-1, 1), new TernaryPacker())),
        Later(GgmlType.Iq1M, type => Shifted(
            type,
            Small,
            [new([.. Below, .. Above], SignRule.InGroups)],
            books => new Iq1MPacker(books[0]))),
        Later(GgmlType.Tq10, type => new(type, Large, Even(-1, 1), new TernaryDigitPacker())),
        Later(GgmlType.Iq1S, type => Shifted(
            type,
            Medium,
            [new([.. Below], SignRule.InGroups), new([.. Above], SignRule.InGroups)],
            books => new Iq1SPacker(books))),
    ];

    // The table of llama.cpp's IQ4_NL and IQ4_XS.
    private static ImmutableArray<int> Uneven =>
        [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113];

    // The groups of IQ1 in eighths of their step, moved up and down by one of these.
    private static IEnumerable<sbyte[]> Above => Eighths(1);

    private static IEnumerable<sbyte[]> Below => Eighths(-1);

    private static IEnumerable<sbyte[]> Eighths(int shift)
    {
        GgmlGrid groups = GgmlBlocks.Book(GgmlType.Iq1S);
        for (int index = 0; index < groups.Count; index++)
        {
            yield return [.. groups[index].ToArray().Select(level => (sbyte)((8 * level) + shift))];
        }
    }

    private static (GgmlType Type, Lazy<BlockGrid> Grid) Later(GgmlType type, Func<GgmlType, BlockGrid> make) =>
        (type, new Lazy<BlockGrid>(() => make(type)));

    // Steps are odd multiples, up to 31, of a fraction of the stored number.
    private static BlockGrid Magnitudes(
        GgmlType type, int part, SignRule signs, int divisor, Func<CodeBook, BlockPacker> packer)
    {
        var book = new CodeBook(GgmlBlocks.Book(type), signs);
        return new BlockGrid(type, part, book.Levels, packer(book))
        {
            Books = [book],
            Scales = (0, 15),
            IsOdd = true,
            Divisor = divisor,
        };
    }

    // Odd multiples up to 15 of an eighth of the stored number.
    private static BlockGrid Shifted(
        GgmlType type, int part, ImmutableArray<CodeBook> books, Func<ImmutableArray<CodeBook>, BlockPacker> packer) =>
        new(type, part, [.. books.SelectMany(book => book.Levels).Distinct().Order()], packer(books))
        {
            Books = books,
            Scales = (0, 7),
            IsOdd = true,
            Divisor = 8,
        };

    private static ImmutableArray<int> Even(int least, int most) =>
        [.. Enumerable.Range(least, most - least + 1)];
}
