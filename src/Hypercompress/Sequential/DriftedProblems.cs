using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Sequential;

/// <summary>The problems of a group of sites behind a compressed prefix; its tensors are those of the scope it is made in.</summary>
internal sealed class DriftedProblems : IDisposable
{
    private readonly CalibrationStatistics _statistics;
    private readonly DriftMoments _moments;
    private readonly MomentLease _lease;
    private readonly Tensor _dense;
    private readonly Dictionary<double, InputMoment> _metrics = [];
    private readonly ImmutableSortedDictionary<string, double> _blends;
    private readonly ImmutableDictionary<string, Tensor> _targets;

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
        Tensor[] weights = [.. sites.Select(Weight)];
        double[] blends = DriftCorrection.Choose(
            weights, [.. sites.Select(statistics.OutputWeightsOf)], _dense, halves);
        _blends = sites.Select((site, i) => (site.Name, Blend: blends[i]))
            .ToImmutableSortedDictionary(entry => entry.Name, entry => entry.Blend, StringComparer.Ordinal);
        _targets = sites.Select((site, i) => (site.Name, Weight: weights[i]))
            .Where(entry => _blends[entry.Name] != DriftCorrection.None)
            .ToImmutableDictionary(entry => entry.Name, entry => Corrected(entry.Weight, _blends[entry.Name]));
    }

    /// <summary>Weight of the dense statistics at each site.</summary>
    internal ImmutableSortedDictionary<string, double> Blends => _blends;

    /// <summary>Poses the problem of a site; may be called from several threads.</summary>
    /// <param name="site">One of the group.</param>
    /// <returns>A problem that the caller disposes.</returns>
    internal SiteProblem Pose(Site site)
    {
        SiteProblem plain = _statistics.Pose(site);
        return _targets.TryGetValue(site.Name, out Tensor? target) ? plain.WithDriftedInputs(target, MetricOf(_blends[site.Name])) : plain;
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

    private Tensor Weight(Site site)
    {
        using SiteProblem plain = _statistics.Pose(site);
        return plain.Target.to(ScalarType.Float64);
    }

    private Tensor Corrected(Tensor weight, double blend)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return new DriftFit(weight, _dense, _moments).Target(blend).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    // The dense moment in it is damped already.
    private InputMoment MetricOf(double blend)
    {
        lock (_metrics)
        {
            if (!_metrics.TryGetValue(blend, out InputMoment? metric))
            {
                metric = new InputMoment(
                    DriftFit.Metric(_dense, _moments, blend).DetachFromDisposeScope(), _statistics.Tokens, damping: 0);
                _metrics.Add(blend, metric);
            }

            return metric;
        }
    }
}
