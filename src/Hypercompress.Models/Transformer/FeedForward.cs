using System.Collections.Immutable;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>down(act(gate x) · up x) (Shazeer 2020, GLU variants), or down(act(up x)) without a gate.</summary>
internal sealed class FeedForward(LinearLayer? gate, LinearLayer up, LinearLayer down, Activation activation)
{
    /// <summary>The slots that read what the block reads.</summary>
    public ImmutableArray<WeightSlot> Readers => gate is null ? [up.Slot] : [gate.Slot, up.Slot];

    /// <summary>The slot that writes what the block returns.</summary>
    public WeightSlot Writer => down.Slot;

    /// <summary>The first half: act(gate x) · up x, or act(up x).</summary>
    /// <param name="x">float32 [batch, tokens, hidden].</param>
    /// <param name="tap">Sees the matrices at work.</param>
    /// <returns>float32 [batch, tokens, intermediate].</returns>
    public Tensor Widen(Tensor x, IForwardTap? tap)
    {
        using var scope = NewDisposeScope();
        Tensor inner = gate is null
            ? Activate(up.Apply(x, tap))
            : Activate(gate.Apply(x, tap)) * up.Apply(x, tap);
        return inner.MoveToOuterDisposeScope();
    }

    /// <summary>The second half.</summary>
    /// <param name="inner">What <see cref="Widen"/> returned.</param>
    /// <param name="tap">Sees the matrix at work.</param>
    /// <returns>float32 [batch, tokens, hidden].</returns>
    public Tensor Narrow(Tensor inner, IForwardTap? tap) => down.Apply(inner, tap);

    private Tensor Activate(Tensor x) => activation switch
    {
        Activation.Silu => nn.functional.silu(x),
        Activation.Gelu => nn.functional.gelu(x),
        Activation.GeluTanh => TanhGelu(x),
        Activation.QuickGelu => x * (1.702 * x).sigmoid(),
        Activation.SquaredRelu => nn.functional.relu(x).square(),
        Activation.Tanh => x.tanh(),
        _ => nn.functional.relu(x),
    };

    private static Tensor TanhGelu(Tensor x) =>
        0.5 * x * (1 + (Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x.pow(3)))).tanh());
}
