using System.Collections.Immutable;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// x + attention(x), then x + mlp(x), with a norm before each block, after it, or both; or, side by side,
/// x + attention(x) + mlp(x). In four steps, each of which applies the slots that read one input.
/// </summary>
/// <param name="attention">Attention with its norms.</param>
/// <param name="mlp">Feed-forward block with its norms.</param>
/// <param name="isParallel">Whether the blocks are side by side.</param>
internal sealed class DecoderLayer(
    NormedBlock<SelfAttention> attention, NormedBlock<FeedForward> mlp, bool isParallel)
{
    /// <summary>Values that the cache keeps per token.</summary>
    public long CachedValuesPerToken => attention.Block.CachedValuesPerToken;

    /// <summary>The slots of each step.</summary>
    public ImmutableArray<ImmutableArray<WeightSlot>> Readers =>
        [attention.Block.Readers, [attention.Block.Writer], mlp.Block.Readers, [mlp.Block.Writer]];

    /// <summary>Whether what attention makes is added to the stream that the layer got, as it is.</summary>
    public bool AddsAttentionAsItIs => attention.After is null && !isParallel;

    /// <summary>Whether what the feed-forward block makes is added to the stream after attention, as it is.</summary>
    public bool AddsMlpAsItIs => mlp.After is null && !isParallel;

    /// <summary>Runs the layer.</summary>
    /// <param name="x">float32 [batch, tokens, hidden].</param>
    /// <param name="pass">The pass.</param>
    /// <returns>float32 [batch, tokens, hidden].</returns>
    public Tensor Apply(Tensor x, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor attended = AddAttention(x, Mix(ReadForAttention(x), pass), pass.Tap);
        Tensor widened = Widen(ReadForMlp(x, attended), pass.Tap);
        return AddMlp(attended, widened, pass.Tap).MoveToOuterDisposeScope();
    }

    /// <summary>The input of queries, keys and values.</summary>
    /// <param name="x">float32 [batch, tokens, hidden].</param>
    public Tensor ReadForAttention(Tensor x) => attention.Read(x);

    /// <summary>First step: what the heads make.</summary>
    /// <param name="input">What <see cref="ReadForAttention"/> returned.</param>
    /// <param name="pass">The pass.</param>
    public Tensor Mix(Tensor input, ForwardPass pass) => attention.Block.Mix(input, pass);

    /// <summary>Second step: the stream after attention.</summary>
    /// <param name="x">What the layer got.</param>
    /// <param name="mixed">What the heads made.</param>
    /// <param name="tap">Sees the matrix at work.</param>
    public Tensor AddAttention(Tensor x, Tensor mixed, IForwardTap? tap)
    {
        using var scope = NewDisposeScope();
        return (x + attention.Write(attention.Block.Project(mixed, tap))).MoveToOuterDisposeScope();
    }

    /// <summary>The input of gate and up.</summary>
    /// <param name="x">What the layer got.</param>
    /// <param name="attended">The stream after attention.</param>
    public Tensor ReadForMlp(Tensor x, Tensor attended) => mlp.Read(isParallel ? x : attended);

    /// <summary>Third step: what down reads.</summary>
    /// <param name="input">What <see cref="ReadForMlp"/> returned.</param>
    /// <param name="tap">Sees the matrices at work.</param>
    public Tensor Widen(Tensor input, IForwardTap? tap) => mlp.Block.Widen(input, tap);

    /// <summary>Fourth step: what leaves the layer.</summary>
    /// <param name="attended">The stream after attention.</param>
    /// <param name="widened">What <see cref="Widen"/> returned.</param>
    /// <param name="tap">Sees the matrix at work.</param>
    public Tensor AddMlp(Tensor attended, Tensor widened, IForwardTap? tap)
    {
        using var scope = NewDisposeScope();
        return (attended + mlp.Write(mlp.Block.Narrow(widened, tap))).MoveToOuterDisposeScope();
    }
}
