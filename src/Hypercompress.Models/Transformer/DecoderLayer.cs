using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>x + attention(norm x), then x + mlp(norm x).</summary>
internal sealed class DecoderLayer(
    RmsNorm attentionNorm, GroupedQueryAttention attention, RmsNorm mlpNorm, GatedMlp mlp)
{
    /// <summary>Values that the cache keeps per token.</summary>
    public long CachedValuesPerToken => attention.CachedValuesPerToken;

    /// <summary>Runs the layer.</summary>
    /// <param name="x">float32 [batch, tokens, hidden].</param>
    /// <param name="pass">The pass.</param>
    /// <returns>float32 [batch, tokens, hidden].</returns>
    public Tensor Apply(Tensor x, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor attended = x + attention.Apply(attentionNorm.Apply(x), pass);
        Tensor result = attended + mlp.Apply(mlpNorm.Apply(attended), pass.Tap);
        return result.MoveToOuterDisposeScope();
    }
}
