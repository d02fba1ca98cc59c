using System.Collections.Immutable;

namespace Hypercompress.Processes;

/// <summary>Deals work to processes; every process comes to the same result.</summary>
internal static class Shares
{
    /// <summary>The items of one process: every item goes to one of them, in turns.</summary>
    /// <typeparam name="T">Kind of item.</typeparam>
    /// <param name="processes">The processes.</param>
    /// <param name="items">The items.</param>
    /// <returns>The items of this process, in order; all of them where there is one process.</returns>
    public static IReadOnlyList<T> InTurns<T>(this IProcessGroup processes, IReadOnlyList<T> items) =>
        processes.Size == 1
            ? items
            : [.. items.Index().Where(item => item.Index % processes.Size == processes.Rank).Select(item => item.Item)];

    /// <summary>
    /// Deals items by size: the largest first, each to who has least so far (longest processing time first, Graham
    /// 1969).
    /// </summary>
    /// <typeparam name="T">Kind of item.</typeparam>
    /// <param name="items">The items.</param>
    /// <param name="size">Size of an item.</param>
    /// <param name="parts">Most parts, 1 or more.</param>
    /// <returns>The parts that have something, each in the order of the items.</returns>
    public static ImmutableArray<ImmutableArray<T>> BySize<T>(IReadOnlyList<T> items, Func<T, long> size, int parts)
    {
        long[] sums = new long[parts];
        int[] owners = new int[items.Count];
        foreach (int index in Enumerable.Range(0, items.Count).OrderByDescending(index => size(items[index])))
        {
            int least = Array.IndexOf(sums, sums.Min());
            owners[index] = least;
            sums[least] += size(items[index]);
        }

        return
        [
            .. Enumerable.Range(0, parts)
                .Select(part => items.Where((_, index) => owners[index] == part).ToImmutableArray())
                .Where(part => part.Length > 0),
        ];
    }
}
