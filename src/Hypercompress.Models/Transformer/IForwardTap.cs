using Hypercompress.Models.Transformer.Weights;
using TorchSharp;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// Watches one forward pass; a tap implements what it wants to see, and everything else does nothing. The tensors are
/// the decoder's own: a tap may read them, hook their gradients, or clone them, but neither changes nor disposes them.
/// </summary>
public interface IForwardTap
{
    /// <summary>
    /// A weight matrix was applied (linear, key/value, head, and the tied embedding in its output role).
    /// </summary>
    /// <param name="slot">The slot of the matrix.</param>
    /// <param name="input">float32 [batch, tokens, columns].</param>
    /// <param name="output">float32 [batch, tokens, rows], before any bias is added.</param>
    void OnApplied(WeightSlot slot, torch.Tensor input, torch.Tensor output)
    {
    }

    /// <summary>Rows of an embedding were picked.</summary>
    /// <param name="slot">The slot of the embedding.</param>
    /// <param name="ids">int64 [batch, tokens].</param>
    /// <param name="output">float32 [batch, tokens, columns].</param>
    void OnGathered(WeightSlot slot, torch.Tensor ids, torch.Tensor output)
    {
    }

    /// <summary>A decoder layer is done.</summary>
    /// <param name="layer">0-based layer.</param>
    /// <param name="hidden">The residual stream after the layer, float32 [batch, tokens, hidden].</param>
    void OnLayer(int layer, torch.Tensor hidden)
    {
    }
}
