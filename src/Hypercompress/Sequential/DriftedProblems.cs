using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Sequential;

/// <summary>The problems of a group of sites that read the output of a compressed prefix.</summary>
internal sealed class DriftedProblems : IProblemSource, IDisposable
{
    private readonly CalibrationStatistics _statistics;
    private readonly MomentLease _lease;
    private readonly Tensor _drifted;
    private readonly Dictionary<double, InputMoment> _metrics = [];
    private readonly ImmutableDictionary<string, Tensor> _targets;

    /// <summary>Chooses how far each site is corrected.</summary>
    /// <param name="statistics">Statistics of the dense model.</param>
    /// <param name="sites">The group: sites that share their input.</param>
    /// <param name="halves">Drift on two halves of the tokens.</param>
    internal DriftedProblems(CalibrationStatistics statistics, IReadOnlyList<Site> sites, DriftHalves halves)
    {
        using var scope = NewDisposeScope();
        _statistics = statistics;
        _lease = statistics.BorrowInput(sites[0]);
        DriftMoments moments = halves.Mean();
        Tensor[] weights = [.. sites.Select(site => ReadWide(statistics.Weights, site))];
        double[] blends = DriftCorrection.Choose(
            weights, [.. sites.Select(statistics.OutputWeightsOf)], _lease.Moment.Moment, halves);
        Blends = sites.Zip(blends).ToImmutableSortedDictionary(
            chosen => chosen.First.Name, chosen => chosen.Second, StringComparer.Ordinal);
        _targets = sites.Zip(weights).Where(site => Blends[site.First.Name] != DriftCorrection.None)
            .ToImmutableDictionary(
            site => site.First.Name, site => Corrected(site.Second, moments, Blends[site.First.Name]));
        _drifted = moments.Drifted.DetachFromDisposeScope();
    }

    /// <summary>Weight of the dense statistics at each site.</summary>
    internal ImmutableSortedDictionary<string, double> Blends { get; }

    /// <inheritdoc/>
    public SiteProblem Pose(Site site)
    {
        SiteProblem plain = _statistics.Pose(site);
        return _targets.TryGetValue(site.Name, out Tensor? target)
            ? plain.WithDriftedInputs(target, MetricOf(Blends[site.Name]))
            : plain;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        IEnumerable<IDisposable> owned = [.. _metrics.Values, .. _targets.Values, _drifted, _lease];
        foreach (IDisposable part in owned)
        {
            part.Dispose();
        }
    }

    private static Tensor ReadWide(IWeightSource weights, Site site)
    {
        using Tensor weight = weights.Read(site);
        return weight.to(ScalarType.Float64);
    }

    private Tensor Corrected(Tensor weight, DriftMoments moments, double blend)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor target = new DriftFit(weight, _lease.Moment.Moment, moments).Target(blend);
        return target.to(ScalarType.Float32).DetachFromDisposeScope();
    }

    // The dense moment in it is damped already.
    private InputMoment MetricOf(double blend)
    {
        lock (_metrics)
        {
            if (!_metrics.TryGetValue(blend, out InputMoment? metric))
            {
                metric = new InputMoment(
                    DriftFit.Metric(_lease.Moment.Moment, _drifted, blend).DetachFromDisposeScope(),
                    _statistics.Tokens,
                    damping: 0);
                _metrics.Add(blend, metric);
            }

            return metric;
        }
    }
}
