using System.Collections.Immutable;
using Hypercompress.Models.Transformer.Rotary;
using Hypercompress.Models.Transformer.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>Causal attention in which groups of query heads share a key/value head (Ainslie et al. 2023).</summary>
/// <param name="query">The query projection.</param>
/// <param name="keyValue">Gives keys and values.</param>
/// <param name="output">The output projection.</param>
/// <param name="shape">Heads, norms and rotation.</param>
/// <param name="softCap">c in c · tanh(s / c) of the scaled products s; null when there is no such cap.</param>
internal sealed class SelfAttention(
    LinearLayer query, KeyValueProjection keyValue, LinearLayer output, HeadShape shape, double? softCap)
{
    /// <summary>Values that the cache keeps per token.</summary>
    public long CachedValuesPerToken => keyValue.CachedValuesPerToken;

    /// <summary>The slots that read what the block reads.</summary>
    public ImmutableArray<WeightSlot> Readers => [query.Slot, keyValue.Slot];

    /// <summary>The slot that writes what the block returns.</summary>
    public WeightSlot Writer => output.Slot;

    /// <summary>The values that each head attends to, mixed.</summary>
    /// <param name="x">float32 [batch, tokens, hidden].</param>
    /// <param name="pass">The pass.</param>
    /// <returns>float32 [batch, tokens, heads · head_dim].</returns>
    public Tensor Mix(Tensor x, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor queries = shape.ToQueries(query.Apply(x, pass.Tap), pass.Rotation(shape.Rotary)?.New);
        (Tensor keys, Tensor values) = keyValue.Project(x, pass);
        Tensor? mask = pass.Mask(shape.Attention.Window);
        Tensor mixed = mask is null && pass.Count > 1
            ? AttendCausally(queries, keys, values)
            : AttendGrouped(queries, keys, values, mask);
        return mixed.transpose(1, 2).flatten(-2, -1).MoveToOuterDisposeScope();
    }

    /// <summary>Projects what the heads made.</summary>
    /// <param name="mixed">What <see cref="Mix"/> returned.</param>
    /// <param name="tap">Sees the matrix at work.</param>
    /// <returns>float32 [batch, tokens, hidden].</returns>
    public Tensor Project(Tensor mixed, IForwardTap? tap) => output.Apply(mixed, tap);

    /// <summary>The heads of a group become rows, so that cached keys and values are not repeated.</summary>
    private Tensor AttendGrouped(Tensor queries, Tensor keys, Tensor values, Tensor? mask)
    {
        (long batch, long count, long group) = (queries.shape[0], queries.shape[2], shape.Group);
        Tensor grouped = queries.reshape(batch, shape.KeyValueHeads, group * count, shape.Dimension);
        Tensor? tiled = mask is null || group == 1 ? mask : mask.repeat(group, 1);
        Tensor mixed = softCap is { } cap
            ? AttendCapped(grouped, keys, values, tiled, cap)
            : nn.functional.scaled_dot_product_attention(grouped, keys, values, attn_mask: tiled);
        return mixed.reshape(batch, shape.Heads, count, shape.Dimension);
    }

    /// <summary>The queries bring their scale with them, for a division by the root of the head's width.</summary>
    private Tensor AttendCapped(Tensor queries, Tensor keys, Tensor values, Tensor? mask, double cap)
    {
        Tensor products = queries.matmul(keys.transpose(-2, -1)) / (cap * Math.Sqrt(shape.Dimension));
        Tensor capped = products.tanh() * cap;
        Tensor seen = mask is null ? capped : capped.masked_fill(mask.logical_not(), float.NegativeInfinity);
        return seen.softmax(-1).matmul(values);
    }

    private Tensor AttendCausally(Tensor queries, Tensor keys, Tensor values)
    {
        if (shape.Group > 1)
        {
            (keys, values) = (keys.repeat_interleave(shape.Group, 1), values.repeat_interleave(shape.Group, 1));
        }

        return nn.functional.scaled_dot_product_attention(queries, keys, values, is_casual: true);
    }
}
