using System.Globalization;

namespace Hypercompress.Models.Tokenization.Patterns.Characters;

/// <summary>
/// Facts of Unicode 16 that .NET does not know: scripts, blocks, binary properties, and the characters that are the
/// same as several others where case does not matter.
/// </summary>
internal static class UnicodeTables
{
    private const string Resource = "UnicodeTables.txt";

    private static readonly Lazy<(Dictionary<string, string> Sets, Dictionary<string, int[]> Folds)> Tables = new(Read);

    /// <summary>The characters that fold to several, by what they fold to.</summary>
    public static IReadOnlyDictionary<string, int[]> Folds => Tables.Value.Folds;

    /// <summary>The set of a script, a block or a binary property.</summary>
    /// <param name="key">Its long or short name in lower case, without spaces, hyphens and underscores; blocks have
    /// <c>in</c> before their names.</param>
    /// <returns>The set, or null for a name that is not known.</returns>
    public static CodePointSet? Find(string key) => Tables.Value.Sets.TryGetValue(key, out string? ranges)
        ? CodePointSet.FromRanges(Split(ranges).Select(ParseRange))
        : null;

    private static (Dictionary<string, string> Sets, Dictionary<string, int[]> Folds) Read()
    {
        var sets = new Dictionary<string, string>(StringComparer.Ordinal);
        var folds = new Dictionary<string, int[]>(StringComparer.Ordinal);
        using var stream = typeof(UnicodeTables).Assembly.GetManifestResourceStream(Resource)!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            string[] names = Split(line[..colon]);
            if (names[0] == "fold")
            {
                string folded = string.Concat(names.Skip(1).Select(point => char.ConvertFromUtf32(ParsePoint(point))));
                folds[folded] = [.. Split(line[(colon + 1)..]).Select(ParsePoint)];
                continue;
            }

            foreach (string name in names)
            {
                sets.TryAdd(name, line[(colon + 1)..]);
            }
        }

        return (sets, folds);
    }

    private static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static CodePointRange ParseRange(string range)
    {
        int hyphen = range.IndexOf('-', StringComparison.Ordinal);
        return hyphen < 0
            ? new CodePointRange(ParsePoint(range), ParsePoint(range))
            : new CodePointRange(ParsePoint(range[..hyphen]), ParsePoint(range[(hyphen + 1)..]));
    }

    private static int ParsePoint(string point) =>
        int.Parse(point, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
