using System.Collections.Immutable;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>How KL(teacher ‖ student) is distributed over the tokens of a text, nats per token.</summary>
/// <param name="Median">Half of the tokens are at or below it.</param>
/// <param name="Percentile99">99 % of the tokens are at or below it.</param>
/// <param name="Percentile999">99.9 % of the tokens are at or below it.</param>
/// <param name="Maximum">The largest of all.</param>
public sealed record DivergenceQuantiles(double Median, double Percentile99, double Percentile999, double Maximum)
{
    /// <summary>Takes the quantiles of values, with linear interpolation between neighbours.</summary>
    /// <param name="values">One value per token, in any order; at least one.</param>
    /// <returns>The quantiles.</returns>
    /// <exception cref="ArgumentException">There is no value.</exception>
    public static DivergenceQuantiles Of(IReadOnlyCollection<float> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfZero(values.Count, nameof(values));
        ImmutableArray<float> sorted = [.. values.Order()];
        return new DivergenceQuantiles(At(sorted, 0.5), At(sorted, 0.99), At(sorted, 0.999), sorted[^1]);
    }

    private static double At(ImmutableArray<float> sorted, double share)
    {
        double position = share * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * ((double)sorted[above] - sorted[below]));
    }
}
