using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints;

namespace Hypercompress.Models.Packages.Adapters;

/// <summary>The addition of a LoRA adapter (Hu et al. 2021) to one weight: scale · up · down.</summary>
/// <param name="Down">The factor A, [rank, in].</param>
/// <param name="Up">The factor B, [out, rank].</param>
/// <param name="Scale">What the product is multiplied by.</param>
/// <param name="IsTransposed">Whether the weight is stored as [in, out].</param>
internal sealed record LoraPair(TensorInfo Down, TensorInfo Up, double Scale, bool IsTransposed)
{
    /// <summary>Shape of the weight.</summary>
    public ImmutableArray<long> Shape =>
        IsTransposed ? [Down.Shape[1], Up.Shape[0]] : [Up.Shape[0], Down.Shape[1]];

    /// <summary>Whether the factors can be multiplied.</summary>
    public bool Fits => Down.Shape.Length == 2 && Up.Shape.Length == 2 && Down.Shape[0] == Up.Shape[1];
}
