using Hypercompress.Models.Transformer.Rotary;
using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// The state that all layers share during one pass; its tensors belong to the dispose scope
/// that it began in.
/// </summary>
internal sealed class ForwardPass
{
    private readonly Dictionary<RotaryEmbedding, Rotation> _rotations = [];
    private readonly Dictionary<int, Tensor?> _masks = [];

    /// <summary>Begins a pass.</summary>
    /// <param name="needs">What the layers of the model ask for.</param>
    /// <param name="count">Number of tokens.</param>
    /// <param name="cache">Memory of earlier tokens, or null.</param>
    /// <param name="tree">What follows what when the tokens branch, or null.</param>
    /// <param name="tap">Watches the pass, or null.</param>
    /// <param name="device">Where it runs.</param>
    public ForwardPass(
        PassNeeds needs, long count, KvCache? cache, TokenTree? tree, IForwardTap? tap, Device device)
    {
        (Start, Count, Cache, Tap) = (cache?.Length ?? 0, count, cache, tap);
        foreach (RotaryEmbedding rotary in needs.Rotaries)
        {
            _rotations.Add(rotary, Rotate(rotary, tree, device));
        }

        foreach (int? window in needs.Windows)
        {
            _masks.Add(window ?? 0, MakeMask(window, tree, needs.MasksAlways, device));
        }
    }

    /// <summary>Position of the first token: how many the cache holds already.</summary>
    public long Start { get; }

    /// <summary>Number of tokens.</summary>
    public long Count { get; }

    /// <summary>Memory of earlier tokens, or null.</summary>
    public KvCache? Cache { get; }

    /// <summary>Watches the pass, or null.</summary>
    public IForwardTap? Tap { get; }

    /// <summary>The rotations of a layer.</summary>
    /// <param name="rotary">How it rotates, or null.</param>
    /// <returns>Null when it does not rotate.</returns>
    public Rotation? Rotation(RotaryEmbedding? rotary) => rotary is null ? null : _rotations[rotary];

    /// <summary>The positions that the tokens of this pass attend to.</summary>
    /// <param name="window">How many of the latest tokens, or null for all.</param>
    /// <returns>
    /// bool [count, start + count], true where a token may look; null where no explicit mask is needed.
    /// </returns>
    public Tensor? Mask(int? window) => _masks[window ?? 0];

    private Rotation Rotate(RotaryEmbedding rotary, TokenTree? tree, Device device)
    {
        if (tree is not null)
        {
            RotaryAngles placed = rotary.Angles(0, tree.Depth, device).At(tree.Positions(device));
            return new(placed, placed.Narrow(Start, Count));
        }

        RotaryAngles all = rotary.Angles(0, Start + Count, device);
        return new(all, Start == 0 ? all : all.Narrow(Start, Count));
    }

    private Tensor? MakeMask(int? window, TokenTree? tree, bool always, Device device)
    {
        if (tree is not null)
        {
            return tree.Mask((int)Start, window, device);
        }

        bool isCut = window < Start + Count;
        if (!isCut && (Count == 1 || (Start == 0 && !always)))
        {
            return null;
        }

        Tensor seen = ones(Count, Start + Count, dtype: ScalarType.Bool, device: device).tril(Start);
        return isCut ? seen.triu(Start - window!.Value + 1) : seen;
    }
}
