using System.Runtime.InteropServices;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>
/// Scores of the values of a matrix, none negative, all finite. They are computed for some rows at a time: those of a
/// large matrix would take as much memory as the matrix.
/// </summary>
/// <param name="Rows">Rows of the matrix.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Part">
/// Gets a first row and a number of rows, and returns their scores, float32 [count, columns].
/// </param>
internal sealed record ScoreRows(long Rows, long Columns, Func<long, long, Tensor> Part)
{
    private const int DigitBits = 16;

    /// <summary>Scores that are in memory.</summary>
    /// <param name="scores">float32 [m, n].</param>
    internal static ScoreRows Of(Tensor scores) => new(
        scores.shape[0], scores.shape[1], (first, count) => scores.narrow(0, first, count));

    /// <summary>Chooses places by their scores.</summary>
    /// <param name="choose">
    /// Gets the first row of a part and its scores, one part after the other, and returns bool [count, columns].
    /// </param>
    /// <returns>bool [m, n], in the caller's scope.</returns>
    internal Tensor Choose(Func<long, Tensor, Tensor> choose)
    {
        using var scope = NewDisposeScope();
        var parts = new List<Tensor>();
        foreach ((long first, long count) in RowParts.Of(Rows, Columns))
        {
            using var part = NewDisposeScope();
            parts.Add(choose(first, Part(first, count)).MoveToOuterDisposeScope());
        }

        return cat(parts).MoveToOuterDisposeScope();
    }

    /// <summary>Mean of all scores, float32 [], in the caller's scope.</summary>
    internal Tensor Mean()
    {
        using var scope = NewDisposeScope();
        Tensor sums = RowParts.PerRow(
            Rows, Columns, (first, count) => Part(first, count).sum(1, type: ScalarType.Float64));
        return (sums.sum() / (Rows * Columns)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The smallest of the largest scores. The bits of numbers that are not negative are in the order of the numbers:
    /// one pass counts their upper halves, a second one the lower halves of those that decide.
    /// </summary>
    /// <param name="kept">How many the largest are, 1 to all.</param>
    /// <returns>The score, and how many of the largest are equal to it, 1 or more.</returns>
    internal (float Smallest, long Equal) Threshold(long kept)
    {
        (int upper, long left) = Decide(Count(null), kept);
        (int lower, long equal) = Decide(Count(upper), left);
        return (BitConverter.Int32BitsToSingle((upper << DigitBits) | lower), equal);
    }

    // Of the digits in descending order the one that holds number `kept`, and how many of its own that takes.
    private static (int Digit, long Left) Decide(long[] counts, long kept)
    {
        int digit = counts.Length - 1;
        for (; kept > counts[digit]; digit--)
        {
            kept -= counts[digit];
        }

        return (digit, kept);
    }

    // The upper halves of all, or the lower halves of those with an upper half.
    private long[] Count(int? upper)
    {
        var counts = new long[1 << DigitBits];
        foreach ((long first, long count) in RowParts.Of(Rows, Columns))
        {
            using var scope = NewDisposeScope();
            Tensor part = Part(first, count).cpu().contiguous();
            Count(MemoryMarshal.Cast<byte, int>(part.bytes), upper, counts);
        }

        return counts;
    }

    private static void Count(ReadOnlySpan<int> bits, int? upper, long[] counts)
    {
        foreach (int number in bits)
        {
            if (upper is null)
            {
                counts[number >> DigitBits]++;
            }
            else if (number >> DigitBits == upper)
            {
                counts[number & ((1 << DigitBits) - 1)]++;
            }
        }
    }
}
