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
        Tensor mixed = pass.Mask is null && pass.Count > 1
            ? AttendCausally(queries, keys, values)
            : AttendGrouped(queries, keys, values, pass.Mask);
        Tensor joined = mixed.transpose(1, 2).flatten(-2, -1);
        return output.Apply(joined, pass.Tap).MoveToOuterDisposeScope();
    }

    /// <summary>The heads of a group become rows, so that cached keys and values are not repeated.</summary>
    private Tensor AttendGrouped(Tensor queries, Tensor keys, Tensor values, Tensor? mask)
    {
        (long batch, long count, long group) = (queries.shape[0], queries.shape[2], heads / keyValueHeads);
        Tensor grouped = queries.reshape(batch, keyValueHeads, group * count, headDimension);
        Tensor? tiled = mask is null || group == 1 ? mask : mask.repeat(group, 1);
        return nn.functional.scaled_dot_product_attention(grouped, keys, values, attn_mask: tiled)
            .reshape(batch, heads, count, headDimension);
    }

    private Tensor AttendCausally(Tensor queries, Tensor keys, Tensor values)
    {
        long group = heads / keyValueHeads;
        if (group > 1)
        {
            (keys, values) = (keys.repeat_interleave(group, 1), values.repeat_interleave(group, 1));
        }

        return nn.functional.scaled_dot_product_attention(queries, keys, values, is_casual: true);
    }
}
