using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>A weight matrix in its slot, with the bias that may follow it.</summary>
internal sealed class LinearLayer(WeightSlot slot, VectorSlot? bias)
{
    /// <summary>The slot.</summary>
    public WeightSlot Slot => slot;

    /// <summary>x Wᵀ + b.</summary>
    /// <param name="x">float32 [batch, tokens, columns].</param>
    /// <param name="tap">Sees input and output, before the bias.</param>
    /// <returns>float32 [batch, tokens, rows].</returns>
    public Tensor Apply(Tensor x, IForwardTap? tap)
    {
        Tensor output = slot.Matrix.Apply(x);
        tap?.OnApplied(slot, x, output);
        return AddBias(output);
    }

    /// <summary>Adds the bias, if there is one.</summary>
    /// <param name="output">float32 [..., rows]; disposed when something is added to it.</param>
    /// <returns>The sum, or the tensor itself.</returns>
    public Tensor AddBias(Tensor output)
    {
        if (bias is null)
        {
            return output;
        }

        using (output)
        {
            return output + bias.Value;
        }
    }
}
