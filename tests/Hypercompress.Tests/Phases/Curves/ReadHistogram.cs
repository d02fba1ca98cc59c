namespace Hypercompress.Tests.Phases.Curves;

/// <summary>A histogram of an event file.</summary>
/// <param name="Numbers">Its fields that are one number each: min, max, num, sum and sum_squares.</param>
/// <param name="Limits">Its field <c>bucket_limit</c>.</param>
/// <param name="Counts">Its field <c>bucket</c>.</param>
internal sealed record ReadHistogram(double[] Numbers, double[] Limits, double[] Counts);
