using System.Text;

namespace Hypercompress.Models.Tokenization.Patterns.Characters;

/// <summary>Which characters are the same where case does not matter.</summary>
internal static class CaseFolding
{
    // No character from here on has a case.
    private const int LastPlaneWithCase = 0x1F000;

    // Characters whose only case partner is ASCII, which .NET leaves out of its mappings.
    private static readonly (int Character, int Partner)[] Further = [(0x17F, 's'), (0x212A, 'k'), (0x212B, 0xE5),
        (0x2126, 0x3C9), (0x1E9E, 0xDF)];

    private static readonly Lazy<Dictionary<int, CodePointSet>> Equivalents = new(FindEquivalents);
    private static readonly Lazy<Dictionary<string, CodePointSet>> Joined = new(FindJoined);

    /// <summary>A character and all that differ from it by case only.</summary>
    public static CodePointSet Of(int codePoint) =>
        Equivalents.Value.GetValueOrDefault(codePoint) ?? CodePointSet.Of(codePoint);

    /// <summary>A set and all characters that differ from a member by case only.</summary>
    public static CodePointSet Close(CodePointSet set)
    {
        var sets = Equivalents.Value.Where(pair => set.Contains(pair.Key)).Select(pair => pair.Value).ToHashSet();
        return CodePointSet.Union([set, .. sets]);
    }

    /// <summary>The one character that stands for all that differ by case only.</summary>
    public static int Fold(int codePoint)
    {
        var same = Of(codePoint);
        return same.Ranges.First().First;
    }

    /// <summary>The texts of several characters that a character is the same as, with each character folded.</summary>
    public static IEnumerable<string> ExpansionsOf(int codePoint)
    {
        var same = Of(codePoint);
        return UnicodeTables.Folds.Where(fold => fold.Value.Any(same.Contains)).Select(fold => fold.Key);
    }

    /// <summary>The characters that are the same as several, or null where there are none.</summary>
    /// <param name="text">Two or three characters, each folded.</param>
    public static CodePointSet? FoldingTo(string text) => Joined.Value.GetValueOrDefault(text);

    private static Dictionary<string, CodePointSet> FindJoined() => UnicodeTables.Folds
        .GroupBy(fold => string.Concat(fold.Key.EnumerateRunes().Select(rune => new Rune(Fold(rune.Value)).ToString())))
        .ToDictionary(group => group.Key, group => CodePointSet.Of(group.SelectMany(fold => fold.Value)));

    private static Dictionary<int, CodePointSet> FindEquivalents()
    {
        var groups = new Dictionary<int, HashSet<int>>();
        for (int point = 0; point < LastPlaneWithCase; point++)
        {
            if (Rune.IsValid(point))
            {
                var rune = new Rune(point);
                Join(groups, point, Rune.ToLowerInvariant(rune).Value);
                Join(groups, point, Rune.ToUpperInvariant(rune).Value);
            }
        }

        foreach (var (character, partner) in Further)
        {
            Join(groups, character, partner);
        }

        var sets = groups.Values.Distinct().ToDictionary(group => group, CodePointSet.Of);
        return groups.ToDictionary(pair => pair.Key, pair => sets[pair.Value]);
    }

    private static void Join(Dictionary<int, HashSet<int>> groups, int one, int other)
    {
        if (one == other)
        {
            return;
        }

        var first = groups.GetValueOrDefault(one) ?? [one];
        var second = groups.GetValueOrDefault(other) ?? [other];
        first.UnionWith(second);
        foreach (int member in first)
        {
            groups[member] = first;
        }
    }
}
