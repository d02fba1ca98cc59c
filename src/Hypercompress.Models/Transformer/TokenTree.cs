using static TorchSharp.torch;

namespace Hypercompress.Models.Transformer;

/// <summary>
/// Tokens of one sequence that branches: each sees itself and its ancestors, and its position is the number of these
/// (tree attention, Miao et al. 2023). Continuations of one context, or several texts after one beginning, are read in
/// one pass this way, with nothing computed twice. The tokens are in a <see cref="KvCache"/> in the order they were
/// added.
/// </summary>
public sealed class TokenTree
{
    private readonly List<int> _parents = [];
    private readonly List<int> _depths = [];

    /// <summary>Number of tokens.</summary>
    public int Count => _parents.Count;

    /// <summary>Adds a token.</summary>
    /// <param name="parent">0-based place of the token that it follows; −1 for the first token of a text.</param>
    /// <returns>Its own place.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public int Add(int parent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parent, -1);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(parent, Count);
        _parents.Add(parent);
        _depths.Add(parent < 0 ? 0 : _depths[parent] + 1);
        return Count - 1;
    }

    /// <summary>Adds tokens that follow each other.</summary>
    /// <param name="parent">Place of the token that the first one follows; −1 for the beginning of a text.</param>
    /// <param name="count">How many.</param>
    /// <returns>The place of the last one; <paramref name="parent"/> when there are none.</returns>
    public int AddChain(int parent, int count)
    {
        for (int i = 0; i < count; i++)
        {
            parent = Add(parent);
        }

        return parent;
    }

    /// <summary>Positions of all tokens: their number of ancestors.</summary>
    /// <returns>int64 [count]; the caller's scope owns it.</returns>
    internal Tensor Positions(Device device) => tensor([.. _depths.Select(depth => (long)depth)], device: device);

    /// <summary>The positions that rotations are needed for.</summary>
    internal long Depth => _depths.Max() + 1L;

    /// <summary>The positions that the last tokens attend to.</summary>
    /// <param name="start">Place of the first of them.</param>
    /// <param name="window">How many tokens back they see, themselves included; null when they see all.</param>
    /// <param name="device">Where the mask is needed.</param>
    /// <returns>bool [count − start, count], true where a token may look; the caller's scope owns it.</returns>
    internal Tensor Mask(int start, int? window, Device device)
    {
        var sees = new bool[(Count - start) * (long)Count];
        for (int token = start; token < Count; token++)
        {
            long row = (token - start) * (long)Count;
            int farthest = _depths[token] - (window ?? int.MaxValue);
            for (int seen = token; seen >= 0 && _depths[seen] > farthest; seen = _parents[seen])
            {
                sees[row + seen] = true;
            }
        }

        return tensor(sees, [Count - start, Count], device: device);
    }
}
