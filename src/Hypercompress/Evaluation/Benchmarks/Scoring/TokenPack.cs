using System.Collections.Immutable;
using Hypercompress.Models.Transformer;

namespace Hypercompress.Evaluation.Benchmarks.Scoring;

/// <summary>
/// Sequences that are read in one pass: what all of them begin with, and a tree of how they go on. Every token that
/// several sequences share is in it once.
/// </summary>
internal sealed class TokenPack
{
    // A pass of a few tokens costs as much as one of fifty: every weight is read once in both.
    private const int ShortestPrefix = 32;
    private readonly List<int> _ids = [];
    private readonly List<int> _parents = [];
    private readonly List<int> _rows = [];
    private readonly Dictionary<(int Parent, int Id), int> _children = [];
    private readonly Dictionary<int, int> _rowOfNode = [];

    /// <summary>Joins sequences.</summary>
    /// <param name="sequences">At least one.</param>
    public TokenPack(IReadOnlyList<ScoredSequence> sequences)
    {
        Prefix = SharedPrefix(sequences);
        Predictions = [.. sequences.Select(Insert)];
    }

    /// <summary>
    /// The common beginning of all sequences; never reaches the first token that predicts. May be empty.
    /// </summary>
    public int[] Prefix { get; }

    /// <summary>The tokens after the prefix.</summary>
    public IReadOnlyList<int> Ids => _ids;

    /// <summary>The tokens, as places in <see cref="Ids"/>, whose predictions are asked for.</summary>
    public IReadOnlyList<int> Rows => _rows;

    /// <summary>
    /// For every sequence: which of the <see cref="Rows"/> predicts which token, in the order of its scored tokens.
    /// </summary>
    public ImmutableArray<ImmutableArray<(int Row, int Target)>> Predictions { get; }

    /// <summary>The tree of the prefix and the tokens after it; null when these do not branch.</summary>
    public TokenTree? Tree()
    {
        if (Enumerable.Range(0, _parents.Count).All(node => _parents[node] == node - 1))
        {
            return null;
        }

        var tree = new TokenTree();
        int end = tree.AddChain(-1, Prefix.Length);
        foreach (int parent in _parents)
        {
            tree.Add(parent < 0 ? end : parent + Prefix.Length);
        }

        return tree;
    }

    private static int[] SharedPrefix(IReadOnlyList<ScoredSequence> sequences)
    {
        ReadOnlySpan<int> shared = sequences[0].Ids.AsSpan(0, sequences.Min(sequence => sequence.FirstPrediction));
        foreach (ScoredSequence sequence in sequences)
        {
            shared = shared[..shared.CommonPrefixLength(sequence.Ids)];
        }

        return shared.Length < ShortestPrefix ? [] : shared.ToArray();
    }

    private ImmutableArray<(int Row, int Target)> Insert(ScoredSequence sequence)
    {
        var predictions = ImmutableArray.CreateBuilder<(int Row, int Target)>(sequence.Scored);
        int node = -1;
        for (int place = Prefix.Length; place < sequence.InputLength; place++)
        {
            node = Child(node, sequence.Ids[place]);
            if (place >= sequence.FirstPrediction)
            {
                predictions.Add((RowOf(node), sequence.Ids[place + 1]));
            }
        }

        return predictions.MoveToImmutable();
    }

    private int Child(int parent, int id)
    {
        if (!_children.TryGetValue((parent, id), out int node))
        {
            node = _ids.Count;
            _children.Add((parent, id), node);
            _ids.Add(id);
            _parents.Add(parent);
        }

        return node;
    }

    private int RowOf(int node)
    {
        if (!_rowOfNode.TryGetValue(node, out int row))
        {
            row = _rows.Count;
            _rowOfNode.Add(node, row);
            _rows.Add(node);
        }

        return row;
    }
}
