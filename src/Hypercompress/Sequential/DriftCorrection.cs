using static TorchSharp.torch;

namespace Hypercompress.Sequential;

/// <summary>
/// Chooses how far the stacked matrices of a group correct the drift of the inputs that they share. With few tokens a
/// correction overfits; so the drift is blended with the dense statistics, and each matrix takes the blend ε with the
/// least error on the half of the tokens which it was not fitted on. ε = 1 corrects nothing.
/// </summary>
internal static class DriftCorrection
{
    /// <summary>The blend that corrects nothing.</summary>
    internal const double None = 1;

    // A correction has to win clearly: what it gains on one half of the text it may lose on other text.
    private const double LeastGain = 0.02;

    // Of each matrix: the choice is made by sums over rows, for which these are enough.
    private const long RowsLookedAt = 256;

    // From weak to strong.
    private static readonly double[] Blends = [0.75, 0.5, 0.25, 0.1];

    /// <summary>Chooses ε for each matrix of a group.</summary>
    /// <param name="weights">Their W, each float64 [m, n].</param>
    /// <param name="outputWeights">Their g, each float64 [m].</param>
    /// <param name="dense">C with damping, float64 [n, n].</param>
    /// <param name="halves">
    /// Statistics of two halves of the tokens; with a residual only where there is one matrix.
    /// </param>
    /// <returns>ε in (0, 1] of each.</returns>
    internal static double[] Choose(
        IReadOnlyList<Tensor> weights,
        IReadOnlyList<Tensor> outputWeights,
        Tensor dense,
        DriftHalves halves)
    {
        using var scope = NewDisposeScope();
        Tensor[] sampled = [.. weights.Select(SomeRows)];
        Tensor stacked = vstack(sampled);
        Tensor prices = hstack([.. outputWeights.Select(SomeRows)]);
        long[] rows = [.. sampled.Select(weight => weight.shape[0])];
        var first = new DriftFit(stacked, dense, OfSomeRows(halves.First));
        var second = new DriftFit(stacked, dense, OfSomeRows(halves.Second));
        if (first.MissesNothing && second.MissesNothing)
        {
            return [.. weights.Select(_ => None)];
        }

        double[] Errors(Tensor onFirst, Tensor onSecond)
        {
            Tensor errors = (first.RowErrors(onFirst) + second.RowErrors(onSecond)) * prices;
            return [.. errors.split(rows).Select(part => part.sum().item<double>())];
        }

        double[] unchanged = Errors(stacked, stacked);
        double[] best = unchanged;
        double[] blends = [.. weights.Select(_ => None)];

        // Where a correction no longer helps anywhere, a stronger one will not.
        foreach (double candidate in Blends)
        {
            using var inner = NewDisposeScope();
            double[] errors = Errors(onFirst: second.Target(candidate), onSecond: first.Target(candidate));
            bool[] better = [.. errors.Zip(best, (error, least) => error < least)];
            if (!better.Contains(true))
            {
                break;
            }

            blends = [.. blends.Zip(better, (blend, wins) => wins ? candidate : blend)];
            best = [.. errors.Zip(best, Math.Min)];
        }

        if (blends.All(blend => blend == None))
        {
            return blends;
        }

        // About the least that any T can have on the tokens that it was fitted on.
        double[] floor = Errors(first.Target(Blends[^1]), second.Target(Blends[^1]));
        return [.. blends.Select(
            (blend, i) => unchanged[i] - best[i] > LeastGain * (unchanged[i] - floor[i]) ? blend : None)];
    }

    // Evenly spread.
    private static Tensor SomeRows(Tensor rows) =>
        rows.slice(0, 0, rows.shape[0], long.Max(1, rows.shape[0] / RowsLookedAt));

    private static DriftMoments OfSomeRows(DriftMoments moments) =>
        moments with { Residual = moments.Residual is { } residual ? SomeRows(residual) : null };
}
