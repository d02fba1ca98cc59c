using System.Collections.Immutable;

namespace Hypercompress.Branches.Solvers;

/// <summary>The ranks worth offering up to a largest one.</summary>
internal static class RankLadder
{
    private const int Steps = 26;
    private const int Multiple = 8;

    /// <summary>
    /// Every rank for small sites. Otherwise 1, 2, 4 for extreme ratios and then multiples of 8 (what vector units
    /// like) that grow by a constant factor, so that they are densest where a rank matters most.
    /// </summary>
    /// <param name="largest">Largest rank; none are offered below 1.</param>
    /// <returns>Ascending ranks, about 28 at most.</returns>
    internal static ImmutableArray<int> Up(int largest)
    {
        if (largest <= Steps)
        {
            return [.. Enumerable.Range(1, int.Max(0, largest))];
        }

        List<int> ranks = [1, 2, 4];
        double growth = Math.Pow((double)largest / Multiple, 1.0 / (Steps - ranks.Count));
        for (int rank = Multiple; rank <= largest; rank = Next(rank, growth))
        {
            ranks.Add(rank);
        }

        if (largest - ranks[^1] >= Multiple / 2)
        {
            ranks.Add(largest);
        }

        return [.. ranks];
    }

    /// <summary>Largest rank whose two factors have fewer values than the matrix; 0 when there is none.</summary>
    internal static int BreakEven(long rows, long columns) =>
        (int)long.Min(((rows * columns) - 1) / (rows + columns), int.MaxValue);

    /// <summary>The lowest, the middle and the highest of some ranks: where rounding is measured.</summary>
    internal static ImmutableArray<int> Probed(int[] ranks) =>
        [.. new[] { ranks[0], ranks[ranks.Length / 2], ranks[^1] }.Distinct()];

    private static int Next(int rank, double growth) =>
        int.Max(rank + Multiple, (int)Math.Round(rank * growth / Multiple) * Multiple);
}
