using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>Keeps the residual stream between the layers of a pass, without its gradients.</summary>
public sealed class LayerStates : IForwardTap, IDisposable
{
    private readonly List<Tensor> _after = [];

    /// <summary>The states after a layer, float32 [batch, tokens, hidden]; owned by this.</summary>
    /// <param name="layer">0-based layer that the pass has been through.</param>
    public Tensor After(int layer) => _after[layer];

    /// <summary>The states before a layer, float32 [batch, tokens, hidden]; owned by this.</summary>
    /// <param name="layer">0-based layer, at least 1.</param>
    public Tensor Before(int layer) => _after[layer - 1];

    /// <inheritdoc/>
    public void OnLayer(int layer, Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        _after.Add(hidden.detach().DetachFromDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose() => _after.ForEach(states => states.Dispose());
}
