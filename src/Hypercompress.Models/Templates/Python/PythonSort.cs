using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Python;

/// <summary>Sorts as Python does: equal items keep their order, also when the order is reversed.</summary>
internal static class PythonSort
{
    /// <summary>Sorts items by a key.</summary>
    /// <param name="items">The items.</param>
    /// <param name="key">What they are compared by; computed once for each.</param>
    /// <param name="reverse">Whether the greatest goes first.</param>
    /// <param name="run">The rendering that pays.</param>
    /// <exception cref="TemplateException">Two keys have no order.</exception>
    public static IReadOnlyList<T> Sorted<T>(
        IReadOnlyList<T> items, Func<T, object?> key, bool reverse, TemplateRun run)
    {
        run.ReserveItems(items.Count);
        var sorted = items.Select(item => (Key: key(item), Item: item)).ToArray();
        var spare = new (object? Key, T Item)[sorted.Length];
        for (int width = 1; width < sorted.Length; width *= 2)
        {
            for (int start = 0; start < sorted.Length; start += 2 * width)
            {
                Merge(sorted, spare, start, width, reverse, run);
            }

            (sorted, spare) = (spare, sorted);
        }

        return [.. sorted.Select(pair => pair.Item)];
    }

    private static void Merge<T>(
        (object? Key, T Item)[] from, (object? Key, T Item)[] to, int start, int width, bool reverse, TemplateRun run)
    {
        int middle = Math.Min(start + width, from.Length);
        int end = Math.Min(start + (2 * width), from.Length);
        (int left, int right) = (start, middle);
        for (int at = start; at < end; at++)
        {
            bool takesRight = left == middle
                || (right < end && Precedes(from[right].Key, from[left].Key, reverse, run));
            to[at] = takesRight ? from[right++] : from[left++];
        }
    }

    private static bool Precedes(object? one, object? other, bool reverse, TemplateRun run) =>
        PythonOrder.Order(one, other, run) is { } order && (reverse ? order > 0 : order < 0);
}
