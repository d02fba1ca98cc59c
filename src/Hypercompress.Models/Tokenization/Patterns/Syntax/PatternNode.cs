using System.Collections.Immutable;
using Hypercompress.Models.Tokenization.Patterns.Characters;

namespace Hypercompress.Models.Tokenization.Patterns.Syntax;

/// <summary>A part of a regular expression.</summary>
internal abstract record PatternNode
{
    /// <summary>Matches the empty text.</summary>
    public static readonly PatternNode Empty = new Sequence([]);

    /// <summary>The parts that this one is made of.</summary>
    public ImmutableArray<PatternNode> Parts => this switch
    {
        Sequence sequence => sequence.Items,
        Alternatives choice => choice.Items,
        Repeat repeat => [repeat.Item],
        Group group => [group.Item],
        Atomic atomic => [atomic.Item],
        Look look => [look.Item],
        _ => [],
    };

    /// <summary>One character that the pattern spells out.</summary>
    /// <param name="CodePoint">The character.</param>
    /// <param name="IgnoreCase">Whether its case does not matter.</param>
    public sealed record Literal(int CodePoint, bool IgnoreCase) : PatternNode;

    /// <summary>One character of a set.</summary>
    public sealed record OneOf(CodePointSet Set) : PatternNode;

    /// <summary>Several parts, one after the other.</summary>
    public sealed record Sequence(ImmutableArray<PatternNode> Items) : PatternNode;

    /// <summary>The first of several parts that fits.</summary>
    public sealed record Alternatives(ImmutableArray<PatternNode> Items) : PatternNode;

    /// <summary>A part several times.</summary>
    /// <param name="Item">The part.</param>
    /// <param name="Min">The least number of times.</param>
    /// <param name="Max">The largest number of times; <see cref="int.MaxValue"/> for any number.</param>
    /// <param name="Greed">Which number is tried first.</param>
    public sealed record Repeat(PatternNode Item, int Min, int Max, Greed Greed) : PatternNode;

    /// <summary>A part whose text a back reference may name.</summary>
    public sealed record Group(PatternNode Item, int Number) : PatternNode;

    /// <summary>A part that is not matched in another way later on.</summary>
    public sealed record Atomic(PatternNode Item) : PatternNode;

    /// <summary>A part that has to fit here, or that has not to, without taking text.</summary>
    /// <param name="Item">The part.</param>
    /// <param name="Behind">Whether it has to end here instead of beginning here.</param>
    /// <param name="Negative">Whether it has not to fit.</param>
    public sealed record Look(PatternNode Item, bool Behind, bool Negative) : PatternNode;

    /// <summary>A condition on the position.</summary>
    /// <param name="Kind">The condition.</param>
    /// <param name="Word">What a word consists of, for word boundaries.</param>
    public sealed record Anchor(AnchorKind Kind, CodePointSet? Word = null) : PatternNode;

    /// <summary>The text that a group has matched; of several groups the last one that has matched.</summary>
    public sealed record BackReference(ImmutableArray<int> Groups, bool IgnoreCase) : PatternNode;

    /// <summary>A grapheme cluster: one character to a reader (<c>\X</c>).</summary>
    public sealed record TextSegment : PatternNode;
}
