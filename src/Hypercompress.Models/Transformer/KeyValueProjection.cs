using Hypercompress.Models.Transformer.Rotary;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// Makes the keys and values of one layer from its stacked matrix, through the cache when there is one.
/// </summary>
/// <param name="linear">The stacked projection: rows of the keys above rows of the values.</param>
/// <param name="layer">0-based layer.</param>
/// <param name="shape">Heads, norms and rotation.</param>
internal sealed class KeyValueProjection(LinearLayer linear, int layer, HeadShape shape)
{
    /// <summary>The slot.</summary>
    public WeightSlot Slot => linear.Slot;

    /// <summary>Values that the cache keeps per token.</summary>
    public long CachedValuesPerToken => Latent?.Rank ?? linear.Slot.Matrix.Rows;

    private ILatentMatrix? Latent =>
        linear.Slot.Matrix is ILatentMatrix latent && latent.Rank < linear.Slot.Matrix.Rows ? latent : null;

    /// <summary>Rotated keys and values of all positions, cached ones included.</summary>
    /// <param name="x">float32 [batch, tokens, hidden].</param>
    /// <param name="pass">The pass.</param>
    /// <returns>Two tensors [batch, kv_heads, positions, head_dim] that belong to the current dispose scope.</returns>
    public (Tensor Keys, Tensor Values) Project(Tensor x, ForwardPass pass)
    {
        Rotation? rotation = pass.Rotation(shape.Rotary);
        if (pass.Cache is null)
        {
            return Split(linear.Apply(x, pass.Tap), rotation?.New);
        }

        LayerCache cache = pass.Cache.Layer(layer);
        if (Latent is { } latent)
        {
            return ThroughLatent(latent, x, pass, cache, rotation?.All);
        }

        (Tensor keys, Tensor values) = Split(linear.Apply(x, pass.Tap), rotation?.New);
        return (cache.Keys.Write(keys, pass.Start), cache.Values.Write(values, pass.Start));
    }

    private (Tensor Keys, Tensor Values) ThroughLatent(
        ILatentMatrix latent, Tensor x, ForwardPass pass, LayerCache cache, RotaryAngles? all)
    {
        Tensor remembered = cache.Latents.Write(latent.Encode(x), pass.Start);
        Tensor stacked = latent.Decode(remembered);
        pass.Tap?.OnApplied(linear.Slot, x, stacked.narrow(1, pass.Start, pass.Count));
        return Split(linear.AddBias(stacked), all);
    }

    private (Tensor Keys, Tensor Values) Split(Tensor stacked, RotaryAngles? angles)
    {
        long width = (long)shape.KeyValueHeads * shape.Dimension;
        Tensor keys = shape.ToKeys(stacked.narrow(-1, 0, width), angles);
        return (keys, shape.ToValues(stacked.narrow(-1, width, width)));
    }
}
