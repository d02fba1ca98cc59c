using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Distillation;

/// <summary>Keeps the teacher's hidden state after every layer.</summary>
internal sealed class LayerStates : IForwardTap, IDisposable
{
    private readonly List<Tensor> _states = [];

    /// <summary>The states by layer, float32 [batch, tokens, hidden].</summary>
    public IReadOnlyList<Tensor> States => _states;

    /// <inheritdoc/>
    public void OnApplied(WeightSlot slot, Tensor input, Tensor output)
    {
    }

    /// <inheritdoc/>
    public void OnGathered(WeightSlot slot, Tensor ids, Tensor output)
    {
    }

    /// <inheritdoc/>
    public void OnLayer(int layer, Tensor hidden) => _states.Add(hidden.detach().DetachFromDisposeScope());

    /// <inheritdoc/>
    public void Dispose() => _states.ForEach(state => state.Dispose());
}
