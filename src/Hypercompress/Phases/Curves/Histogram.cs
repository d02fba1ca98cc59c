using System.Collections.Immutable;

namespace Hypercompress.Phases.Curves;

/// <summary>How many of some values lie in each of several buckets of equal width.</summary>
/// <param name="Minimum">The smallest value.</param>
/// <param name="Maximum">The largest value.</param>
/// <param name="Sum">The sum of the values.</param>
/// <param name="SumOfSquares">The sum of their squares.</param>
/// <param name="Limits">Upper end of each bucket, ascending; the last is the largest value.</param>
/// <param name="Counts">Values in each bucket, the upper end with it.</param>
internal sealed record Histogram(
    double Minimum,
    double Maximum,
    double Sum,
    double SumOfSquares,
    ImmutableArray<double> Limits,
    ImmutableArray<double> Counts)
{
    // As many as TensorBoard shows.
    private const int Buckets = 30;

    /// <summary>Counts values.</summary>
    /// <param name="values">The values; those that are not finite do not count.</param>
    /// <returns>The histogram, or null where no value is finite.</returns>
    public static Histogram? Of(IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] finite = [.. values.Where(double.IsFinite)];
        if (finite.Length == 0)
        {
            return null;
        }

        (double low, double high) = (finite.Min(), finite.Max());
        double[] limits = Ends(low, high);
        double[] counts = new double[limits.Length];
        foreach (double value in finite)
        {
            int found = Array.BinarySearch(limits, value);
            counts[found < 0 ? ~found : found]++;
        }

        return new Histogram(
            low, high, finite.Sum(), finite.Sum(value => value * value), [.. limits], [.. counts]);
    }

    // Distinct, also where so many numbers do not lie between the smallest and the largest value.
    private static double[] Ends(double low, double high) =>
    [
        .. Enumerable.Range(1, Buckets - 1)
            .Select(end => low + ((high - low) * end / Buckets))
            .Append(high)
            .Distinct(),
    ];
}
