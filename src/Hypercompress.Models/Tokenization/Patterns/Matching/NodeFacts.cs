using Hypercompress.Models.Tokenization.Patterns.Characters;
using Hypercompress.Models.Tokenization.Patterns.Syntax;

namespace Hypercompress.Models.Tokenization.Patterns.Matching;

/// <summary>Facts about the texts that parts of a regular expression match.</summary>
internal sealed class NodeFacts
{
    private readonly Dictionary<PatternNode, CodePointSet?> _firsts = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<PatternNode, Reach> _lengths = new(ReferenceEqualityComparer.Instance);

    /// <summary>The set of a character that the pattern spells out.</summary>
    public static CodePointSet SetOf(PatternNode.Literal literal) =>
        literal.IgnoreCase ? CaseFolding.Of(literal.CodePoint) : CodePointSet.Of(literal.CodePoint);

    /// <summary>The least and the largest number of characters.</summary>
    public Reach LengthOf(PatternNode node)
    {
        if (!_lengths.TryGetValue(node, out var length))
        {
            _lengths[node] = length = Measure(node);
        }

        return length;
    }

    /// <summary>The characters that a match can begin with; null where it may be empty, or nothing is known.</summary>
    public CodePointSet? FirstOf(PatternNode node)
    {
        if (!_firsts.TryGetValue(node, out var first))
        {
            _firsts[node] = first = Find(node);
        }

        return first;
    }

    private Reach Measure(PatternNode node) => node switch
    {
        PatternNode.Literal or PatternNode.OneOf => new Reach(1, 1, false),
        PatternNode.Sequence sequence => sequence.Items.Select(LengthOf).Aggregate(new Reach(0, 0, false),
            (sum, item) => new Reach(Sum(sum.Min, item.Min), Sum(sum.Max, item.Max), false)),
        PatternNode.Alternatives choice => new Reach(
            choice.Items.Min(item => LengthOf(item).Min), choice.Items.Max(item => LengthOf(item).Max), false),
        PatternNode.Repeat repeat => new Reach(
            Product(LengthOf(repeat.Item).Min, repeat.Min), Product(LengthOf(repeat.Item).Max, repeat.Max), false),
        PatternNode.Group group => LengthOf(group.Item),
        PatternNode.Atomic atomic => LengthOf(atomic.Item),
        PatternNode.Look or PatternNode.Anchor => new Reach(0, 0, false),
        PatternNode.BackReference => new Reach(0, int.MaxValue, false),
        _ => new Reach(1, int.MaxValue, false),
    };

    private static int Sum(int one, int other) => (int)Math.Min((long)one + other, int.MaxValue);

    private static int Product(int one, int other) => (int)Math.Min((long)one * other, int.MaxValue);

    private CodePointSet? Find(PatternNode node) => LengthOf(node).Min == 0 ? null : node switch
    {
        PatternNode.Literal literal => SetOf(literal),
        PatternNode.OneOf one => one.Set,
        PatternNode.Sequence sequence => FindInSequence(sequence),
        PatternNode.Alternatives choice => Together(choice.Items.Select(FirstOf)),
        PatternNode.Repeat repeat => FirstOf(repeat.Item),
        PatternNode.Group group => FirstOf(group.Item),
        PatternNode.Atomic atomic => FirstOf(atomic.Item),
        _ => null,
    };

    // What may be empty can begin the match, and so can what follows it.
    private CodePointSet? FindInSequence(PatternNode.Sequence sequence)
    {
        var sets = new List<CodePointSet?>();
        foreach (var item in sequence.Items)
        {
            sets.Add(LengthOf(item).Min > 0 ? FirstOf(item) : FirstIfAny(item));
            if (LengthOf(item).Min > 0)
            {
                break;
            }
        }

        return Together(sets);
    }

    /// <summary>The characters that a match begins with unless it is empty.</summary>
    private CodePointSet? FirstIfAny(PatternNode node) => node switch
    {
        PatternNode.Look or PatternNode.Anchor => CodePointSet.Empty,
        PatternNode.Repeat { Item: PatternNode.OneOf or PatternNode.Literal } repeat => FirstOf(repeat.Item),
        PatternNode.Sequence { Items.IsEmpty: true } => CodePointSet.Empty,
        _ => null,
    };

    private static CodePointSet? Together(IEnumerable<CodePointSet?> sets)
    {
        var known = new List<CodePointSet>();
        foreach (var set in sets)
        {
            if (set is null)
            {
                return null;
            }

            known.Add(set);
        }

        return CodePointSet.Union([CodePointSet.Empty, .. known]);
    }
}
