using System.Collections.Immutable;
using System.Numerics;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.NumberFormats.Blocks.Books;
using Hypercompress.NumberFormats.Blocks.Packing;

namespace Hypercompress.NumberFormats.Blocks.Grids;

/// <summary>
/// The values that a block of an element type of GGUF can have. A part of the block shares a step and a base: value =
/// step · level + base, with a level from a fixed list. Both come from numbers in half precision, in larger blocks
/// times a small whole number for each part.
/// </summary>
/// <param name="Type">The element type.</param>
/// <param name="PartSize">Neighbours that share a step.</param>
/// <param name="Levels">The levels by code, ascending.</param>
/// <param name="Packer">Writes the bytes of a block.</param>
internal sealed record BlockGrid(GgmlType Type, int PartSize, ImmutableArray<int> Levels, BlockPacker Packer)
{
    /// <summary>Whether parts have a base other than 0.</summary>
    public bool HasBase { get; init; }

    /// <summary>The least and the largest small number of a step; both 0 where a block is a single part.</summary>
    public (int Least, int Most) Scales { get; init; }

    /// <summary>The largest small number of a base, which is then never positive; 0 where bases are free.</summary>
    public int MostBase { get; init; }

    /// <summary>Whether a small number s stands for 2s + 1 times the shared one.</summary>
    public bool IsOdd { get; init; }

    /// <summary>What the stored number is divided by before small numbers multiply it.</summary>
    public int Divisor { get; init; } = 1;

    /// <summary>
    /// Where neighbours take their levels together, a part from one of these; none where each has its own.
    /// </summary>
    public ImmutableArray<CodeBook> Books { get; init; } = [];

    /// <summary>Whether neighbours take their levels together.</summary>
    public bool HasBooks => !Books.IsEmpty;

    /// <summary>Neighbours that are decided together, in the order of the row.</summary>
    public int Cell => HasBooks ? CodeBook.Cell : 1;

    /// <summary>Elements of a block.</summary>
    public int Elements { get; } = GgmlBlocks.Elements(Type);

    /// <summary>Bytes of a block.</summary>
    public int Bytes { get; } = GgmlBlocks.Bytes(Type);

    /// <summary>Parts of a block.</summary>
    public int Parts => Elements / PartSize;

    /// <summary>Whether the steps of parts are small multiples of one number.</summary>
    public bool IsNested => Scales.Most > 0;

    /// <summary>The multiple that the widest step of a block takes.</summary>
    public int Outermost => Scales.Least < 0 ? Scales.Least : IsOdd ? (2 * Scales.Most) + 1 : Scales.Most;

    /// <summary>The levels that the largest value may take; signs of a code book make both ends alike.</summary>
    public ImmutableArray<int> Ends => HasBooks ? [Levels[^1]] : [Levels[0], Levels[^1]];

    /// <summary>What a small number multiplies by.</summary>
    /// <param name="small">Small numbers.</param>
    public Vector<float> Multiple(Vector<float> small) => IsOdd ? (small * 2f) + Vector<float>.One : small;

    /// <summary>The small numbers next to multiples.</summary>
    /// <param name="multiple">Whole multiples.</param>
    public Vector<float> SmallNumber(Vector<float> multiple) =>
        IsOdd ? Vector.Floor(multiple * 0.5f) : multiple;

    /// <summary>The code of a level.</summary>
    /// <param name="level">One of the levels.</param>
    public byte CodeOf(int level) => (byte)Levels.BinarySearch(level);

    /// <summary>Whether levels are neighbouring whole numbers.</summary>
    public bool IsEven => Levels[^1] - Levels[0] == Levels.Length - 1;
}
