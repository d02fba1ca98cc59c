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
        Magnitudes(GgmlType.Iq3S, Medium, SignRule.Free, 1, book => new Iq3SPacker(book)),
        new(GgmlType.Q3K, Small, Even(-4, 3), new ThreeBitPacker()) { Scales = (-32, 31) },
        Magnitudes(GgmlType.Iq3Xxs, Medium, SignRule.Even, 4, book => new Iq3XxsPacker(book)),
        new(GgmlType.Q2K, Small, Even(0, 3), new TwoBitPacker())
        {
            HasBase = true, Scales = (0, 15), MostBase = 15,
        },
        Magnitudes(GgmlType.Iq2S, Small, SignRule.Free, 8, book => new Iq2SPacker(book)),
        Magnitudes(GgmlType.Iq2Xs, Small, SignRule.Even, 8, book => new Iq2XsPacker(book)),
        Magnitudes(GgmlType.Iq2Xxs, Medium, SignRule.Even, 8, book => new Iq2XxsPacker(book)),
        new(GgmlType.Tq20, Large, Even(-1, 1), new TernaryPacker()),
        Shifted(
            GgmlType.Iq1M,
            Small,
            [new([.. Below, .. Above], SignRule.InGroups)],
            books => new Iq1MPacker(books[0])),
        new(GgmlType.Tq10, Large, Even(-1, 1), new TernaryDigitPacker()),
        Shifted(
            GgmlType.Iq1S,
            Medium,
            [new([.. Below], SignRule.InGroups), new([.. Above], SignRule.InGroups)],
            books => new Iq1SPacker(books)),
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
