using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;

namespace Hypercompress.NumberFormats.Blocks.Grids;

/// <summary>
/// The code book of an i-quant: neighbours take their magnitudes together from a list of groups, and their signs one by
/// one, or so that an even number of eight is negative. Held as a tree over the magnitudes, the last of a group first,
/// so that a search leaves a branch as soon as it costs too much.
/// </summary>
internal sealed class CodeBook
{
    /// <summary>Neighbours whose signs are chosen together: one or two groups.</summary>
    public const int Cell = 8;

    private readonly Dictionary<ulong, int> _indices = [];

    /// <summary>Grows the tree.</summary>
    /// <param name="groups">The groups of the format.</param>
    /// <param name="hasEvenSigns">Whether the sign of each eighth value follows from those of seven.</param>
    public CodeBook(GgmlGrid groups, bool hasEvenSigns)
    {
        (Width, HasEvenSigns) = (groups.Width, hasEvenSigns);
        var sorted = new List<sbyte[]>();
        for (int index = 0; index < groups.Count; index++)
        {
            sbyte[] group = groups[index].ToArray();
            sorted.Add(group);
            _indices[Key(group)] = index;
        }

        sorted.Sort(CompareFromTheLast);
        var nodes = new List<CodeBookNode>();
        Grow(nodes, sorted, 0, sorted.Count, Width - 1);
        Nodes = [.. nodes];
        sbyte[] magnitudes = [.. sorted.SelectMany(group => group).Distinct().Order()];
        Levels = [.. magnitudes.Reverse().Select(level => -level), .. magnitudes.Select(level => (int)level)];
    }

    /// <summary>Values of a group: 4 or 8.</summary>
    public int Width { get; }

    /// <summary>Whether an even number of the values of a cell is negative.</summary>
    public bool HasEvenSigns { get; }

    /// <summary>All signed levels that occur, ascending.</summary>
    public ImmutableArray<int> Levels { get; }

    /// <summary>The smallest magnitude.</summary>
    public int Smallest => Levels[Levels.Length / 2];

    /// <summary>The tree, every node before those below it.</summary>
    public ImmutableArray<CodeBookNode> Nodes { get; }

    /// <summary>The number of a group.</summary>
    /// <param name="magnitudes">Its values.</param>
    public int IndexOf(ReadOnlySpan<sbyte> magnitudes) => _indices[Key(magnitudes)];

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

    private static void Grow(List<CodeBookNode> nodes, List<sbyte[]> groups, int first, int end, int place)
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
