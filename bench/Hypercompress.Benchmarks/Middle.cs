namespace Hypercompress.Benchmarks;

/// <summary>The middle of several measurements.</summary>
internal static class Middle
{
    /// <summary>The median; of an even number the upper one of the two in the middle.</summary>
    /// <param name="values">At least one value.</param>
    public static double Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
