using Hypercompress.Analysis;

namespace Hypercompress.Reporting;

/// <summary>Measurements of a site before it was compressed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Energy">J of leaving the matrix out altogether, nats per token.</param>
/// <param name="FullRank">Rank of the dense matrix.</param>
/// <param name="AdaptiveRank">The smallest rank that retains the asked share of the energy.</param>
public sealed record BaselineReport(string Name, double Energy, int FullRank, int AdaptiveRank)
{
    /// <summary>Takes over what the analysis found.</summary>
    /// <param name="baseline">The analysis of one site.</param>
    /// <returns>The report.</returns>
    public static BaselineReport From(SiteBaseline baseline)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        return new BaselineReport(
            baseline.Site.Name, baseline.Energy, baseline.Squares.Count(square => square > 0), baseline.AdaptiveRank);
    }
}
