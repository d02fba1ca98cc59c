namespace Hypercompress.Models.Tokenization;

/// <summary>Texts in a tree of UTF-16 units, each with a number: all texts that begin at a place, in one
/// walk.</summary>
internal sealed class CharacterTrie
{
    /// <summary>Where every walk begins.</summary>
    public const int Root = 0;

    /// <summary>The result of <see cref="ValueAt"/> where no text ends.</summary>
    public const int NoValue = -1;

    /// <summary>The cost of a step to a budget, in steps of a pattern.</summary>
    public const int WorkPerStep = 8;

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
    /// <param name="budget">The work that may be spent.</param>
    /// <returns>Its number and its length; <see cref="NoValue"/> and 0 where there is none.</returns>
    /// <exception cref="WorkBudgetException">The budget is spent.</exception>
    public TrieMatch Longest(ReadOnlySpan<char> text, WorkBudget budget, int start = Root)
    {
        var best = new TrieMatch(NoValue, 0);
        int node = start;
        int steps = 0;
        for (; steps < text.Length && TryStep(node, text[steps], out node); steps++)
        {
            best = _values[node] == NoValue ? best : new TrieMatch(_values[node], steps + 1);
        }

        budget.Spend((long)WorkPerStep * steps);
        return best;
    }

    /// <summary>The longest text that bytes begin with, where each unit of the texts stands for a byte.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="budget">The work that may be spent.</param>
    /// <returns>Its length; 0 where there is none.</returns>
    /// <exception cref="WorkBudgetException">The budget is spent.</exception>
    public int Longest(ReadOnlySpan<byte> bytes, WorkBudget budget)
    {
        int best = 0;
        int node = Root;
        int steps = 0;
        for (; steps < bytes.Length && TryStep(node, (char)bytes[steps], out node); steps++)
        {
            best = _values[node] == NoValue ? best : steps + 1;
        }

        budget.Spend((long)WorkPerStep * steps);
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
