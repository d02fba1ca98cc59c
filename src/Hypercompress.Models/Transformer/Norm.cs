using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>Normalises the last dimension, in float32.</summary>
internal sealed class Norm(NormKind kind, VectorSlot weight, VectorSlot? bias, double epsilon)
{
    /// <summary>Normalises.</summary>
    /// <param name="x">float32 [..., width].</param>
    /// <returns>A new tensor of the same shape.</returns>
    public Tensor Apply(Tensor x)
    {
        using var scope = NewDisposeScope();
        Tensor result = kind switch
        {
            NormKind.Layer => nn.functional.layer_norm(x, [x.shape[^1]], weight.Value, bias?.Value, epsilon),
            NormKind.RmsPlusOne => x * InverseRoot(x) * (1 + weight.Value),
            _ => x * InverseRoot(x) * weight.Value,
        };
        return result.MoveToOuterDisposeScope();
    }

    private Tensor InverseRoot(Tensor x) => ((x * x).mean([-1], keepdim: true) + epsilon).rsqrt();
}
