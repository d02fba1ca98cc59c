using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Branches.Sparsity;

/// <summary>Which values of a matrix to keep. All results are in the caller's scope.</summary>
internal static class SparsityMath
{
    // Yin et al., OWL, arXiv 2310.05175.
    private const double OutlierFactor = 5;
    private const double LargestShift = 0.08;

    /// <summary>Values to keep out of <paramref name="count"/>: rounded, at least 1.</summary>
    internal static long Kept(long count, double sparsity) =>
        long.Clamp((long)Math.Round((1 - sparsity) * count), 1, count);

    /// <summary>|T_ij|·√H_jj (Sun et al., Wanda, arXiv 2306.11695).</summary>
    /// <param name="target">T, float32 [m, n].</param>
    /// <param name="moment">H, float64 [n, n].</param>
    /// <returns>float32 [m, n].</returns>
    internal static Tensor WandaScores(Tensor target, Tensor moment)
    {
        using var scope = NewDisposeScope();
        return (target.abs() * moment.diagonal().sqrt().to(ScalarType.Float32)).MoveToOuterDisposeScope();
    }

    /// <summary>√g_i·|T_ij|·√H_jj: the root of what dropping the value alone costs, comparable between rows.</summary>
    /// <param name="target">T or some of its rows, float32 [k, n].</param>
    /// <param name="moment">H, float64 [n, n].</param>
    /// <param name="outputWeights">g of the rows, as a share of the mean of all rows, float64 [k].</param>
    /// <returns>float32 [k, n].</returns>
    internal static Tensor LossScores(Tensor target, Tensor moment, Tensor outputWeights)
    {
        using var scope = NewDisposeScope();
        Tensor rows = outputWeights.sqrt().to(ScalarType.Float32).unsqueeze(1);
        return WandaScores(target, moment).mul_(rows).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The <paramref name="kept"/> largest scores of the whole matrix; of equal ones, those that come first.
    /// </summary>
    /// <param name="scores">Scores [m, n].</param>
    /// <param name="kept">1 to m n.</param>
    /// <returns>bool [m, n].</returns>
    internal static Tensor Largest(ScoreRows scores, long kept)
    {
        (float smallest, long missing) = scores.Threshold(kept);
        return scores.Choose((_, part) =>
        {
            Tensor flat = part.flatten();
            Tensor mask = flat > smallest;
            Tensor equal = flat.eq(smallest).nonzero().flatten();
            Tensor ties = equal.narrow(0, 0, long.Min(missing, equal.shape[0]));
            missing -= ties.shape[0];
            return mask.index_fill_(0, ties, true).view(part.shape);
        });
    }

    /// <summary>How many values each row of a mask keeps.</summary>
    /// <param name="mask">bool [m, n].</param>
    internal static int[] RowCounts(Tensor mask)
    {
        using var scope = NewDisposeScope();
        return [.. mask.sum(1).cpu().data<long>().Select(count => (int)count)];
    }

    /// <summary>The share of each row's scores above five times the mean of the matrix.</summary>
    /// <param name="scores">|T_ij|·√H_jj [m, n].</param>
    internal static double[] OutlierShares(ScoreRows scores)
    {
        using var scope = NewDisposeScope();
        Tensor threshold = scores.Mean() * OutlierFactor;
        Tensor shares = RowParts.PerRow(
            scores.Rows,
            scores.Columns,
            (first, count) => (scores.Part(first, count) > threshold).sum(1).to(ScalarType.Float64) / scores.Columns);
        return [.. shares.cpu().data<double>()];
    }

    /// <summary>
    /// Moves values between rows: the row with the most outliers gains twice <c>0.08</c> of its places against the one
    /// with the fewest, the others between them, and the sum stays (the rule of OWL, for rows in place of layers).
    /// </summary>
    /// <param name="kept">Values that each row keeps.</param>
    /// <param name="columns">Places of a row.</param>
    /// <param name="shares">Outlier share of each row.</param>
    /// <returns>
    /// Values that each row keeps, 0 to <paramref name="columns"/>; the sum is that of <paramref name="kept"/>.
    /// </returns>
    internal static int[] ShiftToOutliers(ReadOnlySpan<int> kept, int columns, IReadOnlyList<double> shares)
    {
        (double least, double most) = (shares.Min(), shares.Max());
        double scale = most > least ? 2 * LargestShift * columns / (most - least) : 0;
        double mean = shares.Average();
        var shifted = new int[kept.Length];
        long open = 0;
        for (int row = 0; row < kept.Length; row++)
        {
            shifted[row] = (int)Math.Clamp(Math.Round(kept[row] + (scale * (shares[row] - mean))), 0, columns);
            open += kept[row] - shifted[row];
        }

        Settle(shifted, columns, open);
        return shifted;
    }

    // The remainder of rounding and of the limits goes to the rows in turn, one value each.
    private static void Settle(Span<int> kept, int columns, long open)
    {
        int step = Math.Sign(open);
        for (int row = 0; open != 0; row = (row + 1) % kept.Length)
        {
            if (kept[row] + step >= 0 && kept[row] + step <= columns)
            {
                kept[row] += step;
                open -= step;
            }
        }
    }
}
