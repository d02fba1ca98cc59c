using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Merging;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Sites;
using Hypercompress.Surgery;
using Hypercompress.Training;
using static TorchSharp.torch;

namespace Hypercompress.Sequential;

/// <summary>
/// Solves a decoder from its first block to its last: in each block the sites that share an input form a group, and every
/// group is solved against the inputs that the compressed part before it really produces. Both models go through each layer
/// once, held in front of each group while it is solved. In memory are the drift of one group at a time, and per token and
/// model the stream and what enters that group.
/// </summary>
/// <remarks>
/// The embedding is solved first and its error left out of the drift: both models read the compressed embedding, since
/// errors of single tokens are nothing that later blocks could make up for.
/// </remarks>
/// <param name="teacher">The dense model; borrows finished matrices while this works and is as before afterwards.</param>
/// <param name="statistics">Statistics of the dense model.</param>
/// <param name="windows">Calibration windows of one length.</param>
/// <param name="options">Whether and how solved blocks are trained.</param>
/// <param name="cancellation">Stops between groups.</param>
public sealed class SequentialDriver(
    DecoderModel teacher,
    CalibrationStatistics statistics,
    IReadOnlyList<int[]> windows,
    SequentialOptions options,
    CancellationToken cancellation)
{
    private static readonly int BatchTokens = new CalibrationOptions().BatchTokens;

    // Attention sinks drift by far more than other positions do, and a correction would serve them alone.
    private const int SinkPositions = 4;
    private readonly int _skip = Math.Min(SinkPositions, windows[0].Length - 1);
    private readonly BlockTrainer _trainer = new(options.RefinePasses, options.RefineLearningRate, cancellation);
    private readonly ImmutableSortedDictionary<string, double>.Builder _blends =
        ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);

    /// <summary>Weight of the dense statistics at every site that was solved behind a prefix; 1 corrects nothing.</summary>
    public ImmutableSortedDictionary<string, double> Blends => _blends.ToImmutable();

    /// <summary>Layers whose states came nearer to the dense ones by training, on text held back from it.</summary>
    public int RefinedLayers { get; private set; }

    /// <summary>Solves all sites.</summary>
    /// <param name="solve">Solves some sites with the problems it is given; called in the order of the decoder.</param>
    /// <returns>What stands at each site, in the order of <see cref="CalibrationStatistics.Sites"/>.</returns>
    public ImmutableArray<SiteBlueprint> Run(
        Func<IReadOnlyList<Site>, Func<Site, SiteProblem>, IReadOnlyList<SiteBlueprint>> solve)
    {
        ArgumentNullException.ThrowIfNull(solve);
        using var noGrad = no_grad();
        var found = new Dictionary<Site, SiteBlueprint>();
        var borrowed = new List<TrialMatrix>();
        var states = new List<StatePair>();
        try
        {
            Site[] outside = [.. statistics.Sites.Where(site => site.Layer is null)];
            Keep(solve(outside, statistics.Pose), found);
            borrowed.AddRange(Borrow(found.Values.Where(site => site.Site.Kind == WeightSlotKind.Embedding)));
            states.AddRange(WindowBatches.Of(windows, BatchTokens).Select(Begin));
            foreach (IGrouping<int, Site> layer in statistics.Sites.Where(site => site.Layer is not null).GroupBy(site => site.Layer!.Value))
            {
                SolveLayer(layer.Key, [.. layer], states, solve, found);
            }

            return [.. statistics.Sites.Select(site => found[site])];
        }
        catch
        {
            foreach (SiteBlueprint site in found.Values)
            {
                site.Matrix.Dispose();
            }

            throw;
        }
        finally
        {
            borrowed.ForEach(trial => trial.Dispose());
            states.ForEach(pair => pair.Dispose());
        }
    }

    private void Keep(IReadOnlyList<SiteBlueprint> solved, Dictionary<Site, SiteBlueprint> found)
    {
        foreach (SiteBlueprint site in solved)
        {
            site.Matrix.MoveTo(teacher.Device);
            found.Add(site.Site, site);
        }
    }

    private TrialMatrix[] Borrow(IEnumerable<SiteBlueprint> sites) =>
        [.. sites.Select(site => new TrialMatrix(teacher, site.Site.Name, site.Matrix))];

    private StatePair Begin(int[][] batch)
    {
        using var scope = NewDisposeScope();
        Tensor entered = teacher.Enter(WindowBatches.Ids(batch, teacher.Device));
        return new StatePair(entered.DetachFromDisposeScope(), entered.clone().DetachFromDisposeScope());
    }

    private void SolveLayer(
        int layer,
        Site[] sites,
        List<StatePair> states,
        Func<IReadOnlyList<Site>, Func<Site, SiteProblem>, IReadOnlyList<SiteBlueprint>> solve,
        Dictionary<Site, SiteBlueprint> found)
    {
        states.ForEach(pair => pair.Begin(teacher, layer));
        while (!states[0].Dense.IsDone)
        {
            cancellation.ThrowIfCancellationRequested();
            string[] readers = [.. states[0].Dense.Readers.Select(slot => slot.Name)];
            Site[] group = [.. sites.Where(site => readers.Contains(site.Name))];
            SolveGroup(group, states, solve, found);
            Advance(group, states, found);
        }

        bool changed = Refine(layer, sites, states, found);
        states.ForEach(pair => pair.End(changed ? Drifted(layer, sites, pair.DriftedEntry, found) : null));
    }

    private void SolveGroup(
        Site[] group,
        List<StatePair> states,
        Func<IReadOnlyList<Site>, Func<Site, SiteProblem>, IReadOnlyList<SiteBlueprint>> solve,
        Dictionary<Site, SiteBlueprint> found)
    {
        using var scope = NewDisposeScope();
        using var problems = new DriftedProblems(statistics, group, Measure(group[0].Columns, states));
        Keep(solve(group, problems.Pose), found);
        _blends.AddRange(problems.Blends);
    }

    // The dense model first, with its own matrices.
    private void Advance(Site[] group, List<StatePair> states, Dictionary<Site, SiteBlueprint> found)
    {
        states.ForEach(pair => pair.Dense.Advance());
        TrialMatrix[] borrowed = Borrow(group.Select(site => found[site]));
        try
        {
            states.ForEach(pair => pair.Drifted.Advance());
        }
        finally
        {
            Array.ForEach(borrowed, trial => trial.Dispose());
        }
    }

    // The last matrix of a layer writes into the stream: what an error costs there, it costs behind the layer.
    private bool Refine(int layer, Site[] sites, List<StatePair> states, Dictionary<Site, SiteBlueprint> found)
    {
        bool changed = options.RefinePasses > 0 && _trainer.Train(
            [.. sites.Select(site => found[site].Matrix)],
            [.. states.Select(pair => (pair.DriftedEntry, pair.Dense.Input))],
            statistics.OutputWeightsOf(sites[^1]),
            entered => Drifted(layer, sites, entered, found));
        RefinedLayers += changed ? 1 : 0;
        return changed;
    }

    private (DriftMoments First, DriftMoments Second) Measure(long width, List<StatePair> states)
    {
        using var first = new DriftSums(width, teacher.Device);
        using var second = new DriftSums(width, teacher.Device);
        for (int batch = 0; batch < states.Count; batch++)
        {
            using var scope = NewDisposeScope();
            (LayerSteps dense, LayerSteps drifted) = (states[batch].Dense, states[batch].Drifted);
            (batch % 2 == 0 ? first : second).Add(Flat(dense.Input), Flat(drifted.Input), Gap(dense.Stream, drifted.Stream));
        }

        return (first.Means(), (second.Tokens > 0 ? second : first).Means());
    }

    private Tensor Drifted(int layer, Site[] sites, Tensor entered, Dictionary<Site, SiteBlueprint> found)
    {
        TrialMatrix[] borrowed = Borrow(sites.Select(site => found[site]));
        try
        {
            return teacher.RunLayer(layer, entered);
        }
        finally
        {
            Array.ForEach(borrowed, trial => trial.Dispose());
        }
    }

    private Tensor Flat(Tensor states) => CountedPositions.Flatten(states, _skip);

    private Tensor? Gap(Tensor? dense, Tensor? drifted) => dense is null ? null : Flat(dense - drifted!);
}
