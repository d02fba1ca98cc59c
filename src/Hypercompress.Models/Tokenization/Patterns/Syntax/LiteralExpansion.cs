using System.Collections.Immutable;
using System.Text;
using Hypercompress.Models.Tokenization.Patterns.Characters;

namespace Hypercompress.Models.Tokenization.Patterns.Syntax;

/// <summary>
/// Lets characters that a pattern spells out match what is the same where case does not matter, also where one
/// character is the same as several ("ß" and "ss").
/// </summary>
internal static class LiteralExpansion
{
    private const int LongestFold = 3;

    /// <summary>Rewrites the parts of a sequence.</summary>
    public static List<PatternNode> Expand(List<PatternNode> items)
    {
        if (!items.Exists(IgnoresCase))
        {
            return items;
        }

        var output = new List<PatternNode>(items.Count);
        for (int i = 0; i < items.Count; i++)
        {
            int length = LongestFold;
            while (length > 1 && Joined(items, i, length) is null)
            {
                length--;
            }

            output.Add(length > 1 ? Choices(items, i, length) : One(items[i]));
            i += length - 1;
        }

        return output;
    }

    private static bool IgnoresCase(PatternNode node) => node is PatternNode.Literal { IgnoreCase: true }
        || (node is PatternNode.Repeat repeat && IgnoresCase(repeat.Item));

    private static PatternNode One(PatternNode node) => node switch
    {
        PatternNode.Literal { IgnoreCase: true } literal => One(literal.CodePoint),
        PatternNode.Repeat repeat => repeat with { Item = One(repeat.Item) },
        _ => node,
    };

    private static PatternNode One(int codePoint)
    {
        PatternNode single = new PatternNode.OneOf(CaseFolding.Of(codePoint));
        ImmutableArray<PatternNode> texts = [.. CaseFolding.ExpansionsOf(codePoint).Select(Spelled)];
        return texts.IsEmpty ? single : new PatternNode.Alternatives([single, .. texts]);
    }

    private static PatternNode.Sequence Spelled(string text) => new([.. text.EnumerateRunes()
        .Select(rune => new PatternNode.OneOf(CaseFolding.Of(rune.Value)))]);

    /// <summary>The characters that are the same as several parts, or null where there are none.</summary>
    private static PatternNode.OneOf? Joined(List<PatternNode> items, int start, int length)
    {
        if (start + length > items.Count)
        {
            return null;
        }

        var text = new StringBuilder();
        for (int i = start; i < start + length; i++)
        {
            if (items[i] is not PatternNode.Literal { IgnoreCase: true } literal)
            {
                return null;
            }

            text.Append(new Rune(CaseFolding.Fold(literal.CodePoint)));
        }

        return CaseFolding.FoldingTo(text.ToString()) is { } set ? new PatternNode.OneOf(set) : null;
    }

    private static PatternNode.Alternatives Choices(List<PatternNode> items, int start, int length)
    {
        var singles = items.GetRange(start, length).Select(One);
        var choices = new List<PatternNode> { new PatternNode.Sequence([.. singles]), Joined(items, start, length)! };
        if (length == LongestFold)
        {
            if (Joined(items, start, 2) is { } left)
            {
                choices.Add(new PatternNode.Sequence([left, One(items[start + 2])]));
            }

            if (Joined(items, start + 1, 2) is { } right)
            {
                choices.Add(new PatternNode.Sequence([One(items[start]), right]));
            }
        }

        return new PatternNode.Alternatives([.. choices]);
    }
}
