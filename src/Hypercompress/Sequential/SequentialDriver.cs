using System.Collections.Immutable;
using Hypercompress.Analysis;
using Hypercompress.Merging;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Processes;
using Hypercompress.Sites;
using Hypercompress.Surgery;
using Hypercompress.Training;
using static TorchSharp.torch;

namespace Hypercompress.Sequential;

/// <summary>
/// Walks through a decoder from its first block to its last and yields the sites to solve: in each block the sites that
/// share an input form a group, whose problems are posed on the inputs that the compressed part before it really
/// produces. Both models go through each layer once, and wait before each group while it is solved. In memory are the
/// drift of one group at a time, and per token and model the residual stream and the input of that group.
/// </summary>
/// <remarks>
/// The embedding is solved first and its error left out of the drift: both models read the compressed embedding, since
/// later blocks cannot correct errors of single tokens.
/// </remarks>
/// <param name="teacher">
/// The dense model; borrows finished matrices while this works and is as before afterwards.
/// </param>
/// <param name="statistics">Statistics of the dense model.</param>
/// <param name="windows">Calibration windows of one length.</param>
/// <param name="options">Whether and how solved blocks are trained.</param>
/// <param name="cancellation">Stops between groups.</param>
/// <param name="processes">The processes that each read a part of the windows; null for this one alone.</param>
internal sealed class SequentialDriver(
    DecoderModel teacher,
    CalibrationStatistics statistics,
    IReadOnlyList<int[]> windows,
    SequentialOptions options,
    CancellationToken cancellation,
    IProcessGroup? processes = null)
{
    // Attention sinks drift by far more than other positions do, and a correction would serve them alone.
    private const int SinkPositions = 4;
    private readonly int _skip = Math.Min(SinkPositions, windows[0].Length - 1);

    // Training a block reads the states of all windows in one process; every process does the same then.
    private readonly IProcessGroup _readers =
        options.RefinePasses > 0 ? SingleProcess.Instance : processes ?? SingleProcess.Instance;

    private readonly BlockTrainer _trainer = new(options.RefinePasses, options.RefineLearningRate, cancellation);
    private readonly List<NumberedBatch> _batches = [];
    private readonly List<StatePair> _states = [];

    // Steps that the first pair has made, which tells what is solved next, and the others have not: they need not where
    // the sites were solved by an earlier process.
    private readonly List<Action<IEnumerable<StatePair>>> _waiting = [];
    private bool _othersWait = true;
    private readonly SolvedPrefix _solved = new(teacher);
    private readonly ImmutableSortedDictionary<string, double>.Builder _blends =
        ImmutableSortedDictionary.CreateBuilder<string, double>(StringComparer.Ordinal);

    /// <summary>
    /// Called before text is read through each of the groups that an earlier process has solved; null for nothing.
    /// </summary>
    public Action? CatchingUp { get; init; }

    /// <summary>
    /// Weight of the dense statistics at every site that was solved on the output of a compressed prefix; 1 corrects
    /// nothing.
    /// </summary>
    public ImmutableSortedDictionary<string, double> Blends => _blends.ToImmutable();

    /// <summary>Layers that training brought closer to the dense ones, on text held back from it.</summary>
    public int RefinedLayers { get; private set; }

    /// <summary>
    /// The matrix of each site, in the order of <see cref="CalibrationStatistics.Sites"/>; complete after the last
    /// group, and the caller's from then on.
    /// </summary>
    public ImmutableArray<SiteBlueprint> Solved => _solved.InOrder(statistics.Sites);

    /// <summary>
    /// The groups in the order of the decoder; each must be solved (<see cref="SiteGroup.Accept"/>) before the next is
    /// asked for. To be enumerated once; where the enumeration ends early, what was accepted is disposed.
    /// </summary>
    /// <exception cref="InvalidOperationException">A group was not solved.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public IEnumerable<SiteGroup> Groups()
    {
        TemporarySwap? embedding = null;
        bool complete = false;
        try
        {
            using var outside = new SiteGroup(
                [.. statistics.Sites.Where(site => site.Layer is null)], () => statistics, _solved);
            yield return outside;
            RequireSolved(outside);
            embedding = _solved.Lend(outside.Sites.Where(site => site.Kind == WeightSlotKind.Embedding));
            EnterModel();
            foreach (
                IGrouping<int, Site> layer in statistics.Sites.Where(site => site.Layer is not null).GroupBy(LayerOf))
            {
                foreach (SiteGroup group in GroupsOf(layer.Key, [.. layer]))
                {
                    yield return group;
                }
            }

            complete = true;
        }
        finally
        {
            embedding?.Dispose();
            _states.ForEach(pair => pair.Dispose());
            if (!complete)
            {
                _solved.Dispose();
            }
        }
    }

    private static int LayerOf(Site site) => site.Layer!.Value;

    private static void RequireSolved(SiteGroup group)
    {
        if (!group.IsSolved)
        {
            throw new InvalidOperationException($"the group of {group.Sites[0].Name} was not solved");
        }
    }

    private void EnterModel()
    {
        using var noGrad = no_grad();
        _batches.AddRange(WindowBatches.OfProcess(windows, statistics.Options.BatchTokens, _readers));
        _states.AddRange(_batches.Select(batch => Enter(batch.Windows)));
        if (options.RefinePasses > 0)
        {
            CatchUp();
        }
    }

    private void Step(Action<IEnumerable<StatePair>> step)
    {
        step(_states.Take(1));
        if (_othersWait)
        {
            _waiting.Add(step);
        }
        else
        {
            step(_states.Skip(1));
        }
    }

    private void CatchUp()
    {
        // One step waits in a run that begins: the first layer is entered.
        bool isResumed = _waiting.Count > 1;
        foreach (Action<IEnumerable<StatePair>> step in _waiting)
        {
            cancellation.ThrowIfCancellationRequested();
            if (isResumed)
            {
                CatchingUp?.Invoke();
            }

            step(_states.Skip(1));
        }

        _waiting.Clear();
        _othersWait = false;
    }

    private StatePair Enter(int[][] batch)
    {
        using var scope = NewDisposeScope();
        Tensor entered = teacher.Enter(WindowBatches.Ids(batch, teacher.Device));
        return new StatePair(entered.DetachFromDisposeScope(), entered.clone().DetachFromDisposeScope());
    }

    private IEnumerable<SiteGroup> GroupsOf(int layer, ImmutableArray<Site> sites)
    {
        EnterLayer(layer);
        while (!_states[0].Dense.IsDone)
        {
            cancellation.ThrowIfCancellationRequested();
            string[] readers = [.. _states[0].Dense.Readers.Select(slot => slot.Name)];
            ImmutableArray<Site> next = [.. sites.Where(site => readers.Contains(site.Name))];
            using (var group = new SiteGroup(next, () => PoseDrifted(next), _solved))
            {
                yield return group;
                RequireSolved(group);
                _blends.AddRange(group.Blends);
            }

            Advance(next);
        }

        LeaveLayer(layer, sites);
    }

    private void EnterLayer(int layer)
    {
        using var noGrad = no_grad();
        Step(pairs => ForEach(pairs, pair => pair.EnterLayer(teacher, layer)));
    }

    private DriftedProblems PoseDrifted(ImmutableArray<Site> group)
    {
        using var noGrad = no_grad();
        CatchUp();
        using var scope = NewDisposeScope();
        return new DriftedProblems(statistics, group, Measure(group[0].Columns));
    }

    // The dense model first, with its own matrices.
    private void Advance(ImmutableArray<Site> group)
    {
        using var noGrad = no_grad();
        Step(pairs =>
        {
            ForEach(pairs, pair => pair.Dense.Advance());
            using TemporarySwap borrowed = _solved.Lend(group);
            ForEach(pairs, pair => pair.Drifted.Advance());
        });
    }

    private void LeaveLayer(int layer, ImmutableArray<Site> sites)
    {
        using var noGrad = no_grad();
        bool changed = Refine(layer, sites);
        Step(pairs => ForEach(
            pairs, pair => pair.LeaveLayer(changed ? RunCompressed(layer, sites, pair.DriftedEntry) : null)));
    }

    private static void ForEach(IEnumerable<StatePair> pairs, Action<StatePair> step)
    {
        foreach (StatePair pair in pairs)
        {
            step(pair);
        }
    }

    // The last matrix of a layer writes into the stream: an error there costs as much after the layer.
    private bool Refine(int layer, ImmutableArray<Site> sites)
    {
        bool changed = options.RefinePasses > 0 && _trainer.Train(
            [.. sites.Select(site => _solved[site].Matrix)],
            [.. _states.Select(pair => new BlockBatch(pair.DriftedEntry, pair.Dense.Input))],
            statistics.OutputWeightsOf(sites[^1]),
            entered => RunCompressed(layer, sites, entered));
        RefinedLayers += changed ? 1 : 0;
        return changed;
    }

    private Tensor RunCompressed(int layer, ImmutableArray<Site> sites, Tensor entered)
    {
        using TemporarySwap borrowed = _solved.Lend(sites);
        return teacher.RunLayer(layer, entered);
    }

    private DriftHalves Measure(long width)
    {
        using var first = new DriftSums(width, teacher.Device);
        using var second = new DriftSums(width, teacher.Device);
        for (int batch = 0; batch < _states.Count; batch++)
        {
            using var scope = NewDisposeScope();
            (LayerSteps dense, LayerSteps drifted) = (_states[batch].Dense, _states[batch].Drifted);
            (_batches[batch].Number % 2 == 0 ? first : second)
                .Add(Flat(dense.Input), Flat(drifted.Input), Gap(dense.Stream, drifted.Stream));
        }

        long rows = _states[0].Dense.Stream?.shape[^1] ?? 0;
        first.Gather(_readers, rows);
        second.Gather(_readers, rows);
        return new DriftHalves(first.Means(), (second.Tokens > 0 ? second : first).Means());
    }

    private Tensor Flat(Tensor states) => CountedPositions.Flatten(states, _skip);

    private Tensor? Gap(Tensor? dense, Tensor? drifted) => dense is null ? null : Flat(dense - drifted!);
}
