using System.Collections.Immutable;

namespace Hypercompress.Models.Kernels.Matrices;

/// <summary>
/// A matrix of whole numbers, −16383 to 16383, that are decoded a block of rows at a time: the value at (i, j) is
/// level · row factor i · column factor j. May be used from several threads at once.
/// </summary>
public interface ILevelStream
{
    /// <summary>A factor a row, at least one.</summary>
    ImmutableArray<float> RowFactors { get; }

    /// <summary>A factor a column, at least one.</summary>
    ImmutableArray<float> ColumnFactors { get; }

    /// <summary>Rows of every block but the last: a multiple of 8, or all rows.</summary>
    int BlockRows { get; }

    /// <summary>
    /// Whether the levels of a column follow the trellis whose rule is that the parities of a level, of the one above
    /// it and of the one six above, and the second lowest bits of the levels two and four above, add up to an even
    /// number: in every block anew, with 0 above its first row.
    /// </summary>
    bool FollowsTrellis => false;

    /// <summary>Bytes in memory.</summary>
    long ByteCount { get; }

    /// <summary>Decodes a block.</summary>
    /// <param name="block">0-based block.</param>
    /// <param name="levels">Gets its levels, row after row; may be longer.</param>
    void Decode(int block, Span<short> levels);
}
