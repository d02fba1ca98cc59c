using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Evaluation.Perplexity;

/// <summary>Keeps the residual stream between the layers of a pass.</summary>
internal sealed class LayerStatesTap : IForwardTap, IDisposable
{
    private readonly List<Tensor> _after = [];

    /// <summary>The states before a layer, float32 [batch, tokens, hidden]; owned by this.</summary>
    /// <param name="layer">0-based layer, at least 1.</param>
    public Tensor Before(int layer) => _after[layer - 1];

    /// <inheritdoc/>
    public void OnApplied(WeightSlot slot, Tensor input, Tensor output)
    {
    }

    /// <inheritdoc/>
    public void OnGathered(WeightSlot slot, Tensor ids, Tensor output)
    {
    }

    /// <inheritdoc/>
    public void OnLayer(int layer, Tensor hidden) => _after.Add(hidden.clone().DetachFromDisposeScope());

    public void Dispose() => _after.ForEach(states => states.Dispose());
}
