using TorchSharp;

namespace Hypercompress.Models.Transformer.Weights;

/// <summary>
/// A <see cref="WeightMatrix"/> that passes through a narrow latent: W = Decode ∘ Encode. A key/value projection of
/// this kind keeps only the latent in the cache.
/// </summary>
public interface ILatentMatrix
{
    /// <summary>Width of the latent.</summary>
    long Rank { get; }

    /// <summary>The first factor: [..., columns] to [..., rank].</summary>
    /// <param name="x">float32 [..., columns].</param>
    /// <returns>float32 [..., rank].</returns>
    torch.Tensor Encode(torch.Tensor x);

    /// <summary>The second factor: [..., rank] to [..., rows].</summary>
    /// <param name="latent">float32 [..., rank].</param>
    /// <returns>float32 [..., rows].</returns>
    torch.Tensor Decode(torch.Tensor latent);
}
