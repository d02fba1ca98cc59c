using System.Collections.Immutable;
using Hypercompress.Analysis;
using static TorchSharp.torch;

namespace Hypercompress.Sequencing;

/// <summary>The problems of a group of sites behind a compressed prefix; its tensors are those of the scope it is made in.</summary>
internal sealed class DriftedProblems : IDisposable
{
    private readonly CalibrationStatistics _statistics;
    private readonly DriftMoments _moments;
    private readonly MomentLease _lease;
    private readonly Tensor _dense;
    private readonly Dictionary<double, InputMoment> _metrics = [];
    private readonly ImmutableSortedDictionary<string, double> _blends;

    /// <summary>Chooses how far each site is corrected.</summary>
    /// <param name="statistics">Statistics of the dense model.</param>
    /// <param name="sites">The group: sites that share their input.</param>
    /// <param name="halves">Drift on two halves of the tokens.</param>
    internal DriftedProblems(
        CalibrationStatistics statistics, IReadOnlyList<Site> sites, (DriftMoments First, DriftMoments Second) halves)
    {
        _statistics = statistics;
        _lease = statistics.BorrowInput(sites[0]);
        _dense = _lease.Moment.Moment;
        _moments = halves.First.MeanWith(halves.Second);
        _blends = sites.ToImmutableSortedDictionary(site => site.Name, site => Choose(site, halves), StringComparer.Ordinal);
    }

    /// <summary>Weight of the dense statistics at each site.</summary>
    internal ImmutableSortedDictionary<string, double> Blends => _blends;

    /// <summary>Poses the problem of a site; may be called from several threads.</summary>
    /// <param name="site">One of the group.</param>
    /// <returns>A problem that the caller disposes.</returns>
    internal SiteProblem Pose(Site site)
    {
        double blend = _blends[site.Name];
        SiteProblem plain = _statistics.Pose(site);
        if (blend == DriftCorrection.None)
        {
            return plain;
        }

        using (plain)
        {
            using var noGrad = no_grad();
            using var scope = NewDisposeScope();
            Tensor weight = plain.Target.to(ScalarType.Float64);
            Tensor target = DriftCorrection.Target(weight, _dense, _moments, blend).to(ScalarType.Float32);
            return new SiteProblem(
                site, target.DetachFromDisposeScope(), MetricOf(blend), plain.OutputWeights, outputs: plain.Outputs);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (InputMoment metric in _metrics.Values)
        {
            metric.Dispose();
        }

        _lease.Dispose();
    }

    private double Choose(Site site, (DriftMoments First, DriftMoments Second) halves)
    {
        using SiteProblem plain = _statistics.Pose(site);
        using Tensor weight = plain.Target.to(ScalarType.Float64);
        return DriftCorrection.Choose(weight, plain.OutputWeights, _dense, halves);
    }

    // The dense moment in it is damped already.
    private InputMoment MetricOf(double blend)
    {
        lock (_metrics)
        {
            if (!_metrics.TryGetValue(blend, out InputMoment? metric))
            {
                metric = new InputMoment(
                    DriftCorrection.Metric(_dense, _moments, blend).DetachFromDisposeScope(), _statistics.Tokens, damping: 0);
                _metrics.Add(blend, metric);
            }

            return metric;
        }
    }
}
