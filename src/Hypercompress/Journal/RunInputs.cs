using System.Collections.Immutable;
using System.Globalization;

namespace Hypercompress.Journal;

/// <summary>
/// Everything that determines the result of a run. Two runs with equal inputs make the same bytes.
/// </summary>
/// <param name="Hashes">
/// Hashes or values by the name of the input, such as <c>model</c> or <c>calibration text</c>; the settings among them.
/// </param>
/// <param name="Settings">The settings that matter, as YAML, to name those that differ.</param>
internal sealed record RunInputs(ImmutableSortedDictionary<string, string> Hashes, string Settings)
{
    /// <summary>The name of the settings among <see cref="Hashes"/>.</summary>
    public const string SettingsName = "settings";

    private const int MostNamed = 5;

    /// <summary>Hashes or values by the name of the input, in ordinal order.</summary>
    public ImmutableSortedDictionary<string, string> Hashes { get; init; } =
        Hashes?.WithComparers(StringComparer.Ordinal)!;

    /// <summary>Says how these inputs differ from earlier ones.</summary>
    /// <param name="earlier">The inputs of another run.</param>
    /// <returns>A clause for each input, such as <c>the model has changed</c>; none where they are equal.</returns>
    public ImmutableArray<string> Differences(RunInputs earlier)
    {
        ArgumentNullException.ThrowIfNull(earlier);
        return
        [
            .. Hashes.Keys.Union(earlier.Hashes.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Where(name => Hashes.GetValueOrDefault(name) != earlier.Hashes.GetValueOrDefault(name))
                .SelectMany(name => name == SettingsName ? OfSettings(earlier) : [Difference(name, earlier)]),
        ];
    }

    private string Difference(string name, RunInputs earlier) =>
        (Hashes.GetValueOrDefault(name), earlier.Hashes.GetValueOrDefault(name)) switch
        {
            (null, _) => $"no {name} is given, and there was one",
            (_, null) => $"a {name} is given, and there was none",
            _ => $"the {name} has changed",
        };

    private IEnumerable<string> OfSettings(RunInputs earlier)
    {
        ImmutableSortedDictionary<string, string> now = Keys(Settings);
        ImmutableSortedDictionary<string, string> before = Keys(earlier.Settings);
        string[] differing =
        [
            .. now.Keys.Union(before.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Where(key => now.GetValueOrDefault(key) != before.GetValueOrDefault(key)),
        ];
        IEnumerable<string> named = differing.Take(MostNamed).Select(
            key => $"{key} is {ValueOf(now, key)} and was {ValueOf(before, key)}");
        return differing.Length <= MostNamed
            ? named
            : named.Append(string.Create(
                CultureInfo.InvariantCulture, $"{differing.Length - MostNamed} more settings differ"));
    }

    private static string ValueOf(ImmutableSortedDictionary<string, string> keys, string key) =>
        keys.GetValueOrDefault(key, "not set");

    // Values by dotted path: every level is two spaces deeper.
    private static ImmutableSortedDictionary<string, string> Keys(string yaml)
    {
        var keys = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (string line in yaml.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int depth = (line.Length - line.TrimStart(' ').Length) / 2;
            string[] parts = line.Trim().Split(':', 2);
            path = [.. path.Take(depth), parts[0]];
            if (parts is [_, { Length: > 0 } value])
            {
                keys[string.Join('.', path)] = value.Trim();
            }
        }

        return keys.ToImmutable();
    }
}
