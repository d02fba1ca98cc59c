using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;

namespace Hypercompress.NumberFormats.Blocks.Books;

/// <summary>
/// The code book of an i-quant: neighbours take their levels together from a list of groups. Held as a tree over the
/// levels, the last of a group first, so that a search leaves a branch as soon as it costs too much.
/// </summary>
internal sealed class CodeBook
{
    /// <summary>Neighbours whose signs are chosen together: one or two groups.</summary>
    public const int Cell = 8;

    private readonly Dictionary<ulong, int> _indices;

    /// <summary>Grows the tree.</summary>
    /// <param name="groups">The groups by their numbers, all of the same width.</param>
    /// <param name="signs">Where signs come from.</param>
    public CodeBook(ImmutableArray<sbyte[]> groups, SignRule signs)
    {
        (Groups, Signs, Width) = (groups, signs, groups[0].Length);
        _indices = Enumerable.Range(0, groups.Length).ToDictionary(index => Key(groups[index]));
        sbyte[][] sorted = [.. groups];
        Array.Sort(sorted, CompareFromTheLast);
        var nodes = new List<CodeBookNode>();
        Grow(nodes, sorted, 0, sorted.Length, Width - 1);
        Nodes = [.. nodes];
        int[] own = [.. groups.SelectMany(group => group).Distinct().Order().Select(level => (int)level)];
        Levels = signs == SignRule.InGroups ? [.. own] : [.. own.Reverse().Select(level => -level), .. own];
    }

    /// <summary>Grows the tree of magnitudes that GGUF holds.</summary>
    /// <param name="groups">The groups of the format.</param>
    /// <param name="signs">Where signs come from.</param>
    public CodeBook(GgmlGrid groups, SignRule signs)
        : this([.. Enumerable.Range(0, groups.Count).Select(index => groups[index].ToArray())], signs)
    {
    }

    /// <summary>The groups by their numbers.</summary>
    public ImmutableArray<sbyte[]> Groups { get; }

    /// <summary>Values of a group: 4 or 8.</summary>
    public int Width { get; }

    /// <summary>Where the signs of values come from.</summary>
    public SignRule Signs { get; }

    /// <summary>All signed levels that occur, ascending.</summary>
    public ImmutableArray<int> Levels { get; }

    /// <summary>The tree, every node before those below it.</summary>
    public ImmutableArray<CodeBookNode> Nodes { get; }

    /// <summary>The smallest size of a level.</summary>
    public int Smallest => Levels.Min(int.Abs);

    /// <summary>The number of a group; −1 where the book has none such.</summary>
    /// <param name="levels">Its levels, signed.</param>
    public int IndexOf(ReadOnlySpan<int> levels)
    {
        Span<sbyte> group = stackalloc sbyte[levels.Length];
        for (int k = 0; k < levels.Length; k++)
        {
            group[k] = (sbyte)(Signs == SignRule.InGroups ? levels[k] : int.Abs(levels[k]));
        }

        return _indices.GetValueOrDefault(Key(group), -1);
    }

    private static ulong Key(ReadOnlySpan<sbyte> group)
    {
        ulong key = 0;
        foreach (sbyte value in group)
        {
            key = (key << 8) | (byte)value;
        }

        return key;
    }

    private static int CompareFromTheLast(sbyte[] one, sbyte[] other)
    {
        int place = one.Length - 1;
        while (place > 0 && one[place] == other[place])
        {
            place--;
        }

        return one[place].CompareTo(other[place]);
    }

    private static void Grow(List<CodeBookNode> nodes, sbyte[][] groups, int first, int end, int place)
    {
        while (first < end)
        {
            sbyte level = groups[first][place];
            int next = first;
            while (next < end && groups[next][place] == level)
            {
                next++;
            }

            int at = nodes.Count;
            nodes.Add(default);
            if (place > 0)
            {
                Grow(nodes, groups, first, next, place - 1);
            }

            nodes[at] = new CodeBookNode(place, level, nodes.Count);
            first = next;
        }
    }
}
