namespace Hypercompress.Branches.LowRank;

/// <summary>Ranks that a linear layer may have.</summary>
internal static class LowRankMath
{
    /// <summary>
    /// The smallest of the configured rank, the allowed share of full rank (at least 1), and full rank.
    /// </summary>
    /// <param name="rows">Rows of the matrix.</param>
    /// <param name="columns">Columns of the matrix.</param>
    /// <param name="rank">Configured rank, or null.</param>
    /// <param name="maxRankFraction">Largest rank as a share of min(rows, columns), in (0, 1].</param>
    /// <returns>At least 1.</returns>
    internal static int LargestRank(long rows, long columns, int? rank, double maxRankFraction)
    {
        long full = long.Min(rows, columns);
        long allowed = long.Max(1, (long)Math.Floor(maxRankFraction * full));
        return (int)long.Min(long.Min(allowed, full), rank ?? int.MaxValue);
    }
}
