using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer.Passes;

/// <summary>Computes passes of a decoder in place of libtorch.</summary>
public interface IDecoderEngine
{
    /// <summary>States after the final norm, of sequences that begin with their first token.</summary>
    /// <param name="ids">int64 [batch, tokens].</param>
    /// <returns>float32 [batch, tokens, hidden]; the caller disposes it.</returns>
    Tensor Hidden(Tensor ids);

    /// <summary>Logits of states.</summary>
    /// <param name="hidden">float32 [batch, tokens, hidden], from <see cref="Hidden"/>.</param>
    /// <returns>float32 [batch, tokens, vocabulary]; the caller disposes it.</returns>
    Tensor Logits(Tensor hidden);
}
