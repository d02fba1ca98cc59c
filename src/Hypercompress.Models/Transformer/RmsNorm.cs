using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>x / sqrt(mean(x²) + ε) · w, in float32 (Zhang and Sennrich 2019).</summary>
internal sealed class RmsNorm(VectorSlot weight, double epsilon)
{
    /// <summary>Normalises the last dimension.</summary>
    /// <param name="x">float32 [..., width].</param>
    /// <returns>A new tensor of the same shape.</returns>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor scale = ((x * x).mean([-1], keepdim: true) + epsilon).rsqrt();
        return (x * scale * weight.Value).MoveToOuterDisposeScope();
    }
}
