using System.Collections;

namespace Hypercompress.Models.Templates.Values;

/// <summary>Numbers at equal distances, computed when they are asked for.</summary>
/// <param name="start">The first.</param>
/// <param name="step">The distance.</param>
/// <param name="count">How many.</param>
internal sealed class RangeNumbers(long start, long step, int count) : IReadOnlyList<object?>
{
    /// <inheritdoc/>
    public int Count => count;

    /// <inheritdoc/>
    public object? this[int index] => start + (index * step);

    /// <inheritdoc/>
    public IEnumerator<object?> GetEnumerator()
    {
        for (int i = 0; i < count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
