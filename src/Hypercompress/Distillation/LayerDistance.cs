using System.Collections.Immutable;
using Hypercompress.Models.Transformer;
using Hypercompress.Training.Passes;
using static TorchSharp.torch;

namespace Hypercompress.Distillation;

/// <summary>
/// Adds up over the layers how far the student's hidden state is from the teacher's:
/// Σ_ℓ mean((h_S − h_T)²) / mean(h_T²). Gradients flow through it.
/// </summary>
/// <param name="teacher">The teacher's states of the same tokens, of all its layers.</param>
/// <param name="map">The teacher's layer that each of the student's layers is compared with.</param>
internal sealed class LayerDistance(LayerStates teacher, ImmutableArray<int> map) : ILayerLoss
{
    // Keeps a state of zeros from dividing by zero.
    private const double LeastPower = 1e-12;

    /// <summary>The sum so far, a float32 scalar.</summary>
    public Tensor Sum { get; private set; } =
        zeros([], device: teacher.After(0).device).DetachFromDisposeScope();

    /// <inheritdoc/>
    public void OnLayer(int layer, Tensor hidden)
    {
        using var scope = NewDisposeScope();
        Tensor wanted = teacher.After(map[layer]);
        Tensor distance = (hidden - wanted).square().mean() / wanted.square().mean().clamp_min(LeastPower);
        Tensor before = Sum;
        Sum = (before + distance).DetachFromDisposeScope();
        before.Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => Sum.Dispose();
}
