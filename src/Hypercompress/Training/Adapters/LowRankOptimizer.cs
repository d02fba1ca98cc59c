using System.Collections.Immutable;
using Hypercompress.Journal;
using Hypercompress.Training.Optimizers;
using Hypercompress.Training.States;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Hypercompress.Training.Adapters;

/// <summary>
/// Moves matrices by changes of low rank, and vectors as another optimizer does, which moves the factors of the changes
/// too. A change that begins anew leaves behind what it has changed, so that the sum of several may have any rank
/// (Lialin et al., ReLoRA, arXiv 2307.05695); the optimizer then forgets its past, and its rate rises anew.
/// </summary>
internal sealed class LowRankOptimizer : IOptimizer
{
    private const string Factors = "adapters.";
    private const string Ranks = "adapter_ranks";
    private const string Taken = "adapter_steps";
    private const int LargestShare = 4;

    private readonly ImmutableArray<Parameter> _matrices;
    private readonly ImmutableArray<Parameter> _others;
    private readonly AdapterOptions _options;
    private readonly Func<IEnumerable<Parameter>, IOptimizer> _make;
    private ImmutableArray<LowRankChange> _changes = [];
    private IOptimizer? _inner;
    private int _steps;

    /// <summary>Prepares; changes are made when the first gradients are there.</summary>
    /// <param name="parameters">What is trained; owned by the model. Matrices too small for a change of the rank, and
    /// vectors, move as they are.</param>
    /// <param name="options">Ranks and restarts.</param>
    /// <param name="make">Makes the optimizer of factors and vectors.</param>
    public LowRankOptimizer(
        IEnumerable<Parameter> parameters, AdapterOptions options, Func<IEnumerable<Parameter>, IOptimizer> make)
    {
        (_options, _make) = (options, make);
        ILookup<bool, Parameter> kinds = parameters.ToLookup(IsLarge);
        (_matrices, _others) = ([.. kinds[true]], [.. kinds[false]]);
    }

    /// <summary>The changes, in the order of the matrices; none before the first step.</summary>
    internal ImmutableArray<LowRankChange> Changes => _changes;

    /// <inheritdoc/>
    public void ZeroGradients()
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        foreach (Parameter parameter in _matrices.AddRange(_others))
        {
            parameter.grad?.zero_();
        }
    }

    /// <inheritdoc/>
    public double Clip(double limit)
    {
        if (_inner is null)
        {
            Begin(_options.Ranks == AdapterRanks.Even ? EvenRanks() : RanksByGradient());
        }

        foreach (LowRankChange change in _changes)
        {
            change.TakeGradient();
        }

        return _inner!.Clip(limit);
    }

    /// <inheritdoc/>
    public void Step(double learningRate, double? vectorShare = null)
    {
        double share = _options.RateAt(_steps);
        foreach (LowRankChange change in _changes)
        {
            change.Remember();
        }

        _inner!.Step(share * learningRate, share * vectorShare);
        foreach (LowRankChange change in _changes)
        {
            change.Apply();
        }

        _steps++;
        if (_steps % _options.Interval == 0 && _steps < _options.Steps)
        {
            Restart();
        }
    }

    /// <inheritdoc/>
    public void Keep(EntryDraft draft)
    {
        draft.Document[Taken] = _steps;
        draft.Document[Ranks] = JournalJson.ToNode(_changes.Select(change => change.Rank).ToImmutableArray());
        TensorState.Write(draft, Factors, FactorTensors);
        _inner?.Keep(draft);
    }

    /// <inheritdoc/>
    public void GoOn(JournalEntry entry)
    {
        Begin(entry.Get<ImmutableArray<int>>(Ranks));
        _steps = entry.Get<int>(Taken);
        TensorState.Read(entry, Factors, FactorTensors);
        _inner!.GoOn(entry);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inner?.Dispose();
        foreach (LowRankChange change in _changes)
        {
            change.Dispose();
        }
    }

    private IEnumerable<Tensor> FactorTensors => _changes.SelectMany(change => (Tensor[])[change.Up, change.Down]);

    private static long SideLengths(Parameter matrix) => matrix.shape[0] + matrix.shape[1];

    private bool IsLarge(Parameter parameter) =>
        parameter.dim() == 2 && _options.Rank * SideLengths(parameter) < parameter.NumberOfElements;

    private void Begin(ImmutableArray<int> ranks)
    {
        using Generator random = Random(0);
        _changes = [.. _matrices.Zip(ranks, (matrix, rank) => new LowRankChange(matrix, rank, random))];
        _inner = MakeInner();
    }

    private void Restart()
    {
        using Generator random = Random(_steps);
        foreach (LowRankChange change in _changes)
        {
            change.Begin(random);
        }

        _inner!.Dispose();
        _inner = MakeInner();
    }

    private IOptimizer MakeInner() =>
        _make([.. _changes.SelectMany(change => (Parameter[])[change.Up, change.Down]), .. _others]);

    private Generator Random(int step) => new((ulong)(_options.Seed + step), CPU);

    private ImmutableArray<int> EvenRanks() => [.. _matrices.Select(_ => _options.Rank)];

    private ImmutableArray<int> RanksByGradient()
    {
        double[] weights = [.. _matrices.Select(Sensitivity)];
        double mean = weights.Zip(_matrices, (weight, matrix) => weight * SideLengths(matrix)).Sum()
            / _matrices.Sum(SideLengths);
        return mean > 0 ? [.. weights.Zip(_matrices, (weight, matrix) => RankOf(matrix, weight / mean))] : EvenRanks();
    }

    private int RankOf(Parameter matrix, double share)
    {
        double rank = Math.Clamp(share, 1.0 / LargestShare, LargestShare) * _options.Rank;
        return (int)Math.Clamp(Math.Round(rank), 1, Math.Min(matrix.shape[0], matrix.shape[1]));
    }

    private static double Sensitivity(Parameter matrix)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        return matrix.grad is { } gradient ? (matrix * gradient).abs().mean().item<float>() : 0;
    }
}
