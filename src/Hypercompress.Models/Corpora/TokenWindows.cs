using System.Collections;

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

    /// <inheritdoc/>
    public IEnumerator<ReadOnlyMemory<int>> GetEnumerator() =>
        _starts.Select(start => (ReadOnlyMemory<int>)_ids.AsMemory(start, Length)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
