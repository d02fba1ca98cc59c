using Hypercompress.Analysis.Moments;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.Processes;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Analysis;

/// <summary>
/// Watches a pass, layer by layer, and adds up the squared gradients at the outputs of all linear sites, on request
/// their whole second moments, and the second moment of gradients at the output of the embedding. No weight asks for
/// one.
/// </summary>
/// <param name="skipPositions">First positions of each window that do not count.</param>
/// <param name="keepsMoments">Whether second moments are kept at linear sites too.</param>
internal sealed class FisherTap(int skipPositions, bool keepsMoments = false) : IForwardTap, IDisposable
{
    private readonly Dictionary<string, Tensor> _squares = [];
    private readonly Dictionary<string, (MomentSum First, MomentSum Second)> _moments = [];
    private readonly List<(string Site, Tensor Output)> _watched = [];
    /// <summary>Positions counted so far.</summary>
    internal long Tokens { get; private set; }

    /// <summary>Sum of g gᵀ at the embedding's output; null before the first backward pass.</summary>
    internal MomentSum? EmbeddingGradient { get; private set; }

    /// <summary>E[(∂ℓ/∂y_i)²], float64 [rows], in the caller's scope.</summary>
    /// <param name="site">Name of a linear site.</param>
    internal Tensor MeanSquares(string site) => _squares[site] / long.Max(1, Tokens);

    /// <summary>
    /// E[g gᵀ] of two halves of the windows, float64 [rows, rows], in the caller's scope, and no longer kept here; null
    /// where they were not kept, or where there is one window only.
    /// </summary>
    /// <param name="site">Name of a linear site.</param>
    internal (Tensor First, Tensor Second)? TakeMoments(string site)
    {
        if (!_moments.Remove(site, out (MomentSum First, MomentSum Second) sums))
        {
            return null;
        }

        using (sums.First)
        using (sums.Second)
        {
            return sums.Second.Count > 0
                ? (sums.First.Mean().to(ScalarType.Float64), sums.Second.Mean().to(ScalarType.Float64))
                : null;
        }
    }

    /// <summary>Adds what other processes have added up; done by all.</summary>
    /// <param name="processes">The processes.</param>
    internal void Gather(IProcessGroup processes)
    {
        Tokens = (long)processes.Sum((double)Tokens);
        EmbeddingGradient?.Gather(processes);
        foreach (string site in _squares.Keys.Order(StringComparer.Ordinal))
        {
            processes.Sum(_squares[site]);
            if (_moments.TryGetValue(site, out (MomentSum First, MomentSum Second) sums))
            {
                sums.First.Gather(processes);
                sums.Second.Gather(processes);
            }
        }
    }

    /// <summary>Takes the gradients of the layer that was watched, and forgets it.</summary>
    /// <param name="states">What the layer returned.</param>
    /// <param name="gradient">∂ℓ/∂states.</param>
    /// <param name="input">What the layer was given; asks for a gradient.</param>
    /// <param name="firstWindow">Number of the first window of the batch, from 0.</param>
    /// <returns>∂ℓ/∂input, in the caller's scope.</returns>
    internal Tensor Backward(Tensor states, Tensor gradient, Tensor input, long firstWindow)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        IList<Tensor> gradients = autograd.grad(
            [states], [input, .. _watched.Select(watched => watched.Output)], [gradient]);
        for (int i = 1; i < gradients.Count; i++)
        {
            AddSite(_watched[i - 1].Site, gradients[i], firstWindow);
        }

        Forget();
        return gradients[0].MoveToOuterDisposeScope();
    }

    /// <summary>Takes the gradient at the embedding that was watched, and forgets it.</summary>
    /// <param name="states">The states that enter the first layer.</param>
    /// <param name="gradient">∂ℓ/∂states.</param>
    internal void BackwardToEmbedding(Tensor states, Tensor gradient)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor embedded = autograd.grad([states], [_watched[0].Output], [gradient])[0];
        AddEmbedding(CountedPositions.Flatten(embedded, skipPositions));
        Forget();
    }

    /// <inheritdoc/>
    public void OnApplied(WeightSlot slot, Tensor input, Tensor output)
    {
        if (slot.Kind is not (WeightSlotKind.Embedding or WeightSlotKind.Head))
        {
            Watch(slot, output);
        }
    }

    /// <inheritdoc/>
    public void OnGathered(WeightSlot slot, Tensor ids, Tensor output)
    {
        output.requires_grad_(true);
        Watch(slot, output);
        Tokens += output.shape[0] * long.Max(0, output.shape[1] - skipPositions);
    }

    public void Dispose()
    {
        Forget();
        EmbeddingGradient?.Dispose();
        IEnumerable<IDisposable> sums =
            _moments.Values.SelectMany(sums => new IDisposable[] { sums.First, sums.Second });
        foreach (IDisposable kept in _squares.Values.Concat(sums))
        {
            kept.Dispose();
        }
    }

    // A conversion to its own type is the tensor itself under a second handle, which outlives the decoder's.
    private void Watch(WeightSlot slot, Tensor output) =>
        _watched.Add((slot.Name, output.to(output.dtype).DetachFromDisposeScope()));

    private void Forget()
    {
        foreach ((_, Tensor output) in _watched)
        {
            output.Dispose();
        }

        _watched.Clear();
    }

    private void AddSite(string site, Tensor gradient, long firstWindow)
    {
        AddSquares(site, CountedPositions.Flatten(gradient, skipPositions));
        if (keepsMoments)
        {
            if (!_moments.TryGetValue(site, out (MomentSum First, MomentSum Second) sums))
            {
                sums = (NewSum(gradient), NewSum(gradient));
                _moments.Add(site, sums);
            }

            AddHalf(sums.First, gradient, firstWindow % 2);
            AddHalf(sums.Second, gradient, (firstWindow + 1) % 2);
        }
    }

    // One per site; float32 is enough for the number of tokens averaged.
    private static MomentSum NewSum(Tensor gradient) =>
        new(gradient.shape[^1], gradient.device, ScalarType.Float32);

    // Every other window from one on.
    private void AddHalf(MomentSum sum, Tensor gradient, long from)
    {
        if (from < gradient.shape[0])
        {
            using var scope = NewDisposeScope();
            sum.Add(CountedPositions.Flatten(gradient.slice(0, from, gradient.shape[0], 2), skipPositions));
        }
    }

    private void AddSquares(string site, Tensor gradient)
    {
        Tensor squares = gradient.square().sum(0, type: ScalarType.Float64);
        if (_squares.TryGetValue(site, out Tensor? sum))
        {
            sum.add_(squares);
        }
        else
        {
            _squares.Add(site, squares.DetachFromDisposeScope());
        }
    }

    private void AddEmbedding(Tensor gradient)
    {
        EmbeddingGradient ??= new MomentSum(gradient.shape[1], gradient.device);
        EmbeddingGradient.Add(gradient);
    }
}
