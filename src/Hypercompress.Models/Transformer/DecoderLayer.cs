using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// x + attention(x), then x + mlp(x), with a norm in front of each block, behind it, or both; or, side by side,
/// x + attention(x) + mlp(x).
/// </summary>
/// <param name="attention">Attention with its norms.</param>
/// <param name="mlp">Feed-forward block with its norms.</param>
/// <param name="isParallel">Whether the blocks stand side by side.</param>
internal sealed class DecoderLayer(
    NormedBlock<SelfAttention> attention, NormedBlock<FeedForward> mlp, bool isParallel)
{
    /// <summary>Values that the cache keeps per token.</summary>
    public long CachedValuesPerToken => attention.Block.CachedValuesPerToken;

    /// <summary>Runs the layer.</summary>
    /// <param name="x">float32 [batch, tokens, hidden].</param>
    /// <param name="pass">The pass.</param>
    /// <returns>float32 [batch, tokens, hidden].</returns>
    public Tensor Apply(Tensor x, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor attended = Join(x, attention.Apply(x, (block, input) => block.Apply(input, pass)), attention.After, pass);
        if (pass.Tap is { IsSatisfied: true })
        {
            return attended.MoveToOuterDisposeScope();
        }

        Tensor made = mlp.Apply(isParallel ? x : attended, (block, input) => block.Apply(input, pass.Tap));
        return Join(attended, made, mlp.After, pass).MoveToOuterDisposeScope();
    }

    private Tensor Join(Tensor stream, Tensor made, Norm? between, ForwardPass pass)
    {
        if (between is null && !isParallel)
        {
            pass.Tap?.OnJoin(stream);
        }

        return stream + made;
    }
}
