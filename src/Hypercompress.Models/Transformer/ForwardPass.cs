using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>What all layers share during one pass.</summary>
/// <param name="Start">Position of the first token: how many the cache holds already.</param>
/// <param name="Count">Number of tokens.</param>
/// <param name="Angles">Rotations of the positions from 0 to the last token.</param>
/// <param name="NewAngles">Rotations of the tokens of this pass.</param>
/// <param name="Mask">
/// bool [count, start + count], true where a token may look; null where no explicit mask is needed.
/// </param>
/// <param name="Cache">Memory of earlier tokens, or null.</param>
/// <param name="Tap">Watches the pass, or null.</param>
internal sealed record ForwardPass(
    long Start,
    long Count,
    RotaryAngles Angles,
    RotaryAngles NewAngles,
    Tensor? Mask,
    KvCache? Cache,
    IForwardTap? Tap)
{
    /// <summary>Begins a pass; its tensors belong to the current dispose scope.</summary>
    public static ForwardPass Begin(
        RotaryEmbedding rotary, long count, KvCache? cache, TokenTree? tree, IForwardTap? tap, Device device)
    {
        long start = cache?.Length ?? 0;
        if (tree is not null)
        {
            RotaryAngles placed = rotary.Angles(0, tree.Depth, device).At(tree.Positions(device));
            return new(start, count, placed, placed.Narrow(start, count), tree.Mask((int)start, device), cache, tap);
        }

        RotaryAngles all = rotary.Angles(0, start + count, device);
        RotaryAngles added = start == 0 ? all : all.Narrow(start, count);
        Tensor? mask = start > 0 && count > 1
            ? ones(count, start + count, dtype: ScalarType.Bool, device: device).tril(start)
            : null;
        return new(start, count, all, added, mask, cache, tap);
    }
}
