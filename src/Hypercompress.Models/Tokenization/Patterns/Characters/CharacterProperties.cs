using System.Collections.Concurrent;
using System.Globalization;

namespace Hypercompress.Models.Tokenization.Patterns.Characters;

/// <summary>
/// The sets that Oniguruma's <c>\p{…}</c> names: general categories, scripts, blocks (<c>In…</c>), POSIX classes and
/// binary properties. In a name, case, spaces, hyphens and underscores do not matter.
/// </summary>
internal static class CharacterProperties
{
    /// <summary>The set of <c>\d</c>.</summary>
    public const string Digit = "nd";

    /// <summary>The set of <c>\s</c>.</summary>
    public const string Space = "space";

    /// <summary>The characters of <c>\w</c> in brackets.</summary>
    public const string Word = "word";

    /// <summary>The set of <c>\w</c> outside of brackets; not a name that patterns can write.</summary>
    public const string WordAlone = "*word";

    private static readonly Lazy<Dictionary<string, CodePointSet>> Categories = new(ReadCategories);

    // It has at most one entry for each name of the tables.
    private static readonly ConcurrentDictionary<string, CodePointSet> Known = new(StringComparer.Ordinal);

    /// <summary>The set of a name.</summary>
    /// <param name="name">The name as patterns write it.</param>
    /// <returns>The set, or null for a name that is not known.</returns>
    public static CodePointSet? Find(string name)
    {
        string key = Normalize(name);
        if (Known.TryGetValue(key, out var known))
        {
            return known;
        }

        return Create(key) is { } set ? Known.GetOrAdd(key, set) : null;
    }

    /// <summary>The set of a name that is known.</summary>
    public static CodePointSet Get(string name) =>
        Find(name) ?? throw new ArgumentOutOfRangeException(nameof(name), name, "not the name of a property");

    /// <summary>A name as the tables write it: lower case, without spaces, hyphens and underscores.</summary>
    public static string Normalize(string name) => string.Concat(name.Where(unit => unit is not (' ' or '-' or '_')))
        .ToLowerInvariant();

    private static CodePointSet? Create(string key) => key switch
    {
        "any" => CodePointSet.All,
        "ascii" => CodePointSet.Range(0, 0x7F),
        "assigned" => Get("cn").Complement(),
        "alnum" => CodePointSet.Union([Get("alphabetic"), Get(Digit)]),
        "blank" => CodePointSet.Union([Get("zs"), CodePointSet.Of('\t')]),
        "digit" => Get(Digit),
        "cntrl" => Get("cc"),
        "graph" => CodePointSet.Union([Get(Space), Get("cc"), Get("cn"), Get("cs")]).Complement(),
        "print" => CodePointSet.Union([Get("graph"), Get("zs")]),
        "punct" => Get("p"),
        "posixpunct" => CodePointSet.Union([Get("p"), Get("s")]),
        Space => Get("whitespace"),
        "xdigit" => Get("asciihexdigit"),
        Word => CodePointSet.Union([Get("alphabetic"), Get("m"), Get(Digit), Get("pc")]),
        // Oniguruma asks an older table there, which has the digits and fractions of Latin-1.
        WordAlone => CodePointSet.Union([Get(Word), CodePointSet.Of([0xB2, 0xB3, 0xB9, 0xBC, 0xBD, 0xBE])]),
        _ => Categories.Value.GetValueOrDefault(key) ?? UnicodeTables.Find(key),
    };

    private static Dictionary<string, CodePointSet> ReadCategories()
    {
        var ranges = new Dictionary<UnicodeCategory, List<CodePointRange>>();
        var current = CharUnicodeInfo.GetUnicodeCategory(0);
        int start = 0;
        for (int point = 1; point <= CodePointSet.CodePoints; point++)
        {
            bool atEnd = point == CodePointSet.CodePoints;
            var next = atEnd ? default : CharUnicodeInfo.GetUnicodeCategory(point);
            if (atEnd || next != current)
            {
                (ranges.TryGetValue(current, out var list) ? list : ranges[current] = [])
                    .Add(new CodePointRange(start, point - 1));
                (current, start) = (next, point);
            }
        }

        var sets = new Dictionary<string, CodePointSet>(StringComparer.Ordinal);
        foreach (var group in CategoryNames.All)
        {
            var set = CodePointSet.FromRanges(
                group.Members.SelectMany(member => ranges.GetValueOrDefault(member) ?? []));
            sets[group.ShortName] = set;
            sets[group.LongName] = set;
        }

        return sets;
    }
}
