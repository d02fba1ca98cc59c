using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>Causal attention in which groups of query heads share a key/value head (Ainslie et al. 2023).</summary>
internal sealed class GroupedQueryAttention(
    LinearLayer query, KeyValueProjection keyValue, LinearLayer output, int heads, int keyValueHeads, int headDimension)
{
    /// <summary>Values that the cache keeps per token.</summary>
    public long CachedValuesPerToken => keyValue.CachedValuesPerToken;

    /// <summary>Attends.</summary>
    /// <param name="x">float32 [batch, tokens, hidden].</param>
    /// <param name="pass">The pass.</param>
    /// <returns>float32 [batch, tokens, hidden].</returns>
    public Tensor Apply(Tensor x, ForwardPass pass)
    {
        using var scope = NewDisposeScope();
        Tensor queries = query.Apply(x, pass.Tap).unflatten(2, heads, headDimension).transpose(1, 2);
        queries = pass.NewAngles.Rotate(queries);
        (Tensor keys, Tensor values) = keyValue.Project(x, pass);
        Tensor mixed = pass.Count == 1
            ? AttendOne(queries, keys, values)
            : AttendMany(queries, keys, values, pass);
        Tensor joined = mixed.transpose(1, 2).flatten(-2, -1);
        return output.Apply(joined, pass.Tap).MoveToOuterDisposeScope();
    }

    /// <summary>One token sees all positions: the heads of a group become rows, and nothing is repeated.</summary>
    private Tensor AttendOne(Tensor queries, Tensor keys, Tensor values)
    {
        long batch = queries.shape[0];
        Tensor grouped = queries.reshape(batch, keyValueHeads, heads / keyValueHeads, headDimension);
        return nn.functional.scaled_dot_product_attention(grouped, keys, values)
            .reshape(batch, heads, 1, headDimension);
    }

    private Tensor AttendMany(Tensor queries, Tensor keys, Tensor values, ForwardPass pass)
    {
        long group = heads / keyValueHeads;
        if (group > 1)
        {
            (keys, values) = (keys.repeat_interleave(group, 1), values.repeat_interleave(group, 1));
        }

        return nn.functional.scaled_dot_product_attention(
            queries, keys, values, attn_mask: pass.Mask, is_casual: pass.Mask is null);
    }
}
