using Hypercompress.Merging;
using Hypercompress.Phases;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Pipeline.Solving;

/// <summary>Reports how bits and errors are distributed over the sites that were solved.</summary>
internal static class SiteDistributions
{
    /// <summary>Reports them.</summary>
    /// <param name="sites">The sites.</param>
    /// <param name="offers">What was offered at each of them, with the error of leaving its matrix out.</param>
    /// <param name="progress">The phase.</param>
    public static void Report(
        IReadOnlyList<SiteBlueprint> sites, IEnumerable<SiteOffers> offers, PhaseProgress progress)
    {
        Dictionary<string, double> energies = offers.ToDictionary(
            offered => offered.Site.Name, offered => offered.Energy, StringComparer.Ordinal);
        progress.Distribute(
            MeasuredSeries.SiteBits,
            0,
            [.. sites.Select(site => 8.0 * site.Matrix.StoredBytes / site.Site.ElementCount)]);

        // A site without an error, or without a use, has no logarithm.
        progress.Distribute(
            MeasuredSeries.SiteErrors,
            0,
            [.. sites.Select(site => Math.Log10(site.Error / energies[site.Site.Name])).Where(double.IsFinite)]);
    }
}
