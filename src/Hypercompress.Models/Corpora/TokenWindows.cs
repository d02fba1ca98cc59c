using System.Collections;
using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Corpora;

/// <summary>Windows of equal length over a row of token ids, which they share.</summary>
public sealed class TokenWindows : IReadOnlyList<ReadOnlyMemory<int>>
{
    private readonly int[] _ids;
    private readonly int[] _starts;

    internal TokenWindows(int[] ids, int length, int[] starts)
    {
        _ids = ids;
        Length = length;
        _starts = starts;
    }

    /// <summary>Tokens per window.</summary>
    public int Length { get; }

    /// <summary>Number of windows.</summary>
    public int Count => _starts.Length;

    /// <summary>One window.</summary>
    /// <param name="index">0 to <see cref="Count"/> - 1.</param>
    public ReadOnlyMemory<int> this[int index] => _ids.AsMemory(_starts[index], Length);

    /// <summary>Sets windows apart that training does not see.</summary>
    /// <param name="count">How many, 0 to <see cref="Count"/>.</param>
    /// <param name="seed">Decides which.</param>
    /// <returns>Both parts, each in the order of the text; the same for the same seed.</returns>
    /// <exception cref="ConfigurationException">There are not that many windows.</exception>
    public (TokenWindows Training, TokenWindows HeldOut) SplitHeldOut(int count, int seed)
    {
        if (count < 0 || count > Count)
        {
            throw new ConfigurationException(
                $"{count} windows of {Length} tokens are to be held out, but the text has only {Count}");
        }

        int[] order = SeededOrder.Permutation(Count, seed, epoch: 0);
        var heldOut = order.Take(count).Order().Select(window => _starts[window]);
        var training = order.Skip(count).Order().Select(window => _starts[window]);
        return (new TokenWindows(_ids, Length, [.. training]), new TokenWindows(_ids, Length, [.. heldOut]));
    }

    /// <summary>Copies windows into a tensor.</summary>
    /// <param name="indices">Which windows, in order.</param>
    /// <returns>A new int64 tensor [B, T] on the CPU; the caller owns it.</returns>
    public torch.Tensor ToTensor(IReadOnlyList<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        return TokenTensors.Stack([.. indices.Select(index => this[index])]);
    }

    /// <inheritdoc/>
    public IEnumerator<ReadOnlyMemory<int>> GetEnumerator() =>
        _starts.Select(start => (ReadOnlyMemory<int>)_ids.AsMemory(start, Length)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
