using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Sites;

namespace Hypercompress.Pipeline.Offers;

/// <summary>Phase 1: the statistics, and what a sample of the sites looks like under them.</summary>
/// <param name="Statistics">Poses the problem of any site; owned by this.</param>
/// <param name="Sites">Spectra and adaptive ranks of sampled sites.</param>
/// <param name="VectorElements">Values of norms and biases.</param>
internal sealed record BaselineResult(
    CalibrationStatistics Statistics, ImmutableArray<SiteBaseline> Sites, long VectorElements) : IDisposable
{
    private const int Sampled = 10;

    /// <summary>Measures up to ten linear sites, evenly spread over the decoder.</summary>
    /// <param name="statistics">Owned by the result.</param>
    /// <param name="cancellation">Stops between sites.</param>
    /// <returns>The result.</returns>
    public static BaselineResult Measure(CalibrationStatistics statistics, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(statistics);
        Site[] linear = [.. statistics.Sites.Where(site => site.Layer is not null)];
        int count = Math.Min(Sampled, linear.Length);
        IEnumerable<Site> sample =
            Enumerable.Range(0, count).Select(i => linear[(int)((long)i * linear.Length / count)]);
        long matrices = statistics.Sites.Sum(site => site.ElementCount);
        return new BaselineResult(
            statistics,
            new BaselineAnalysis().Run(sample, statistics, cancellation: cancellation),
            statistics.ParameterCount - matrices);
    }

    /// <inheritdoc/>
    public void Dispose() => Statistics.Dispose();
}
