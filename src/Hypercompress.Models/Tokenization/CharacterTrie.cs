namespace Hypercompress.Models.Tokenization;

/// <summary>Texts in a tree of UTF-16 units, each with a number: all texts that begin at a place, in one walk.</summary>
internal sealed class CharacterTrie
{
    /// <summary>Where every walk begins.</summary>
    public const int Root = 0;

    /// <summary>What <see cref="ValueAt"/> gives where no text ends.</summary>
    public const int NoValue = -1;

    private readonly Dictionary<long, int> _edges = [];
    private readonly List<int> _values = [NoValue];

    /// <summary>Adds a text; of equal texts the last counts.</summary>
    /// <param name="text">Not empty.</param>
    /// <param name="value">Zero or more.</param>
    public void Add(ReadOnlySpan<char> text, int value)
    {
        int node = Root;
        foreach (char unit in text)
        {
            if (!_edges.TryGetValue(Edge(node, unit), out int next))
            {
                next = _values.Count;
                _values.Add(NoValue);
                _edges[Edge(node, unit)] = next;
            }

            node = next;
        }

        _values[node] = value;
    }

    /// <summary>One step of a walk.</summary>
    /// <param name="node">Where it is.</param>
    /// <param name="unit">The next unit of the text.</param>
    /// <param name="next">Where it gets to.</param>
    /// <returns>Whether any text goes on so.</returns>
    public bool TryStep(int node, char unit, out int next) => _edges.TryGetValue(Edge(node, unit), out next);

    /// <summary>The number of the text that ends here, or <see cref="NoValue"/>.</summary>
    public int ValueAt(int node) => _values[node];

    /// <summary>The longest text that a stretch begins with.</summary>
    /// <param name="text">The stretch.</param>
    /// <param name="start">The node to begin at.</param>
    /// <returns>Its number and its length; <see cref="NoValue"/> and 0 where there is none.</returns>
    public (int Value, int Length) Longest(ReadOnlySpan<char> text, int start = Root)
    {
        (int, int) best = (NoValue, 0);
        int node = start;
        for (int i = 0; i < text.Length && TryStep(node, text[i], out node); i++)
        {
            best = _values[node] == NoValue ? best : (_values[node], i + 1);
        }

        return best;
    }

    /// <summary>The longest text that bytes begin with, where each unit of the texts stands for a byte.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <returns>Its length; 0 where there is none.</returns>
    public int Longest(ReadOnlySpan<byte> bytes)
    {
        int best = 0;
        int node = Root;
        for (int i = 0; i < bytes.Length && TryStep(node, (char)bytes[i], out node); i++)
        {
            best = _values[node] == NoValue ? best : i + 1;
        }

        return best;
    }

    /// <summary>The node that a text leads to, or null where no text begins so.</summary>
    public int? NodeOf(ReadOnlySpan<char> text)
    {
        int node = Root;
        foreach (char unit in text)
        {
            if (!TryStep(node, unit, out node))
            {
                return null;
            }
        }

        return node;
    }

    private static long Edge(int node, char unit) => ((long)node << 16) | unit;
}
