using System.Collections.Immutable;
using Hypercompress.Models.Errors;
using Hypercompress.Sites;

namespace Hypercompress.Analysis;

/// <summary>Measures every site before compression: energy, whitened spectrum, and the rank that suffices.</summary>
/// <param name="energyShare">Share of the energy that the adaptive rank retains, in (0, 1).</param>
public sealed class BaselineAnalysis(double energyShare = 0.9)
{
    /// <summary>Measures the sites.</summary>
    /// <param name="sites">Which.</param>
    /// <param name="problems">Poses the problems of these sites.</param>
    /// <param name="progress">Told after every site; may be null.</param>
    /// <param name="cancellation">Stops between sites.</param>
    /// <returns>One entry per site, in the given order.</returns>
    /// <exception cref="NumericalException">A weight or its statistics are not finite; names the site.</exception>
    public ImmutableArray<SiteBaseline> Run(
        IEnumerable<Site> sites,
        IProblemSource problems,
        Action<Site>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sites);
        ArgumentNullException.ThrowIfNull(problems);
        var baselines = ImmutableArray.CreateBuilder<SiteBaseline>();
        foreach (Site site in sites)
        {
            cancellation.ThrowIfCancellationRequested();
            using SiteProblem problem = problems.Pose(site);
            using WhitenedSpectrum spectrum = WhitenedSpectrum.Measure(problem);
            baselines.Add(new SiteBaseline(
                site, spectrum.Energy, spectrum.Squares, spectrum.AdaptiveRank(energyShare)));
            progress?.Invoke(site);
        }

        return baselines.ToImmutable();
    }
}
