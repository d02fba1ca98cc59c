using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;

namespace Hypercompress.Forms;

/// <summary>
/// <see cref="FormDescription"/> as JSON:
/// <c>{ "kind", "rows", "columns", "numbers": {}, "formats": {}, "parts": [], "owner" }</c>, the last four left out
/// when empty.
/// </summary>
internal static class FormDescriptionJson
{
    private const int DeepestNesting = 8;
    private const int MostParts = 64;
    private const string KindKey = "kind";
    private const string RowsKey = "rows";
    private const string ColumnsKey = "columns";
    private const string NumbersKey = "numbers";
    private const string FormatsKey = "formats";
    private const string PartsKey = "parts";
    private const string OwnerKey = "owner";
    private static readonly string[] Keys = [KindKey, RowsKey, ColumnsKey, NumbersKey, FormatsKey, PartsKey, OwnerKey];

    /// <summary>Writes a description.</summary>
    /// <param name="description">The result of <see cref="FormMatrix.Describe"/>.</param>
    /// <returns>A node that <see cref="Read(JsonNode?, string, string)"/> reads.</returns>
    public static JsonNode Write(FormDescription description)
    {
        ArgumentNullException.ThrowIfNull(description);
        var node = new JsonObject
        {
            [KindKey] = description.Kind,
            [RowsKey] = description.Rows,
            [ColumnsKey] = description.Columns,
        };
        if (!description.Numbers.IsEmpty)
        {
            node[NumbersKey] = new JsonObject(
                description.Numbers.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        if (!description.Formats.IsEmpty)
        {
            node[FormatsKey] = new JsonObject(
                description.Formats.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
        }

        if (!description.Parts.IsDefaultOrEmpty)
        {
            node[PartsKey] = new JsonArray([.. description.Parts.Select(Write)]);
        }

        if (description.Owner is not null)
        {
            node[OwnerKey] = description.Owner;
        }

        return node;
    }

    /// <summary>Reads a description; every key must be known, every number a whole one that is not negative.</summary>
    /// <param name="node">A parsed node.</param>
    /// <param name="file">The file it comes from, for messages.</param>
    /// <param name="site">The site it belongs to, for messages.</param>
    /// <returns>The description.</returns>
    /// <exception cref="CheckpointException">
    /// A key is missing, unknown or of the wrong type, a size is not in 1–2³¹−1, a number is negative, there are more
    /// than 64 parts, or parts are nested more than 8 deep.
    /// </exception>
    public static FormDescription Read(JsonNode? node, string file, string site)
    {
        try
        {
            return Read(node, site, DeepestNesting);
        }
        catch (FormatException malformed)
        {
            throw new CheckpointException(file, malformed.Message, malformed);
        }
        catch (ArgumentException duplicate)
        {
            // JsonObject finds a key that is written twice only when it is first looked into.
            throw new CheckpointException(file, $"form of site {site}: {duplicate.Message}", duplicate);
        }
    }

    private static FormDescription Read(JsonNode? node, string path, int depth)
    {
        if (depth == 0)
        {
            throw Malformed(path, $"parts are nested more than {DeepestNesting} deep");
        }

        var fields = AsObject(node, path);
        string? unknown = fields.Select(field => field.Key).FirstOrDefault(key => !Keys.Contains(key));
        if (unknown is not null)
        {
            throw Malformed(path, $"key '{unknown}' is not known; known are {string.Join(", ", Keys)}");
        }

        return new FormDescription(
            Text(fields[KindKey], path, KindKey),
            Whole(fields[RowsKey], path, RowsKey, 1, int.MaxValue),
            Whole(fields[ColumnsKey], path, ColumnsKey, 1, int.MaxValue),
            Entries(fields, path, NumbersKey, (value, key) => Whole(value, path, key, 0, long.MaxValue)),
            Entries(fields, path, FormatsKey, (value, key) => Text(value, path, key)),
            ReadParts(fields, path, depth))
        {
            Owner = fields.ContainsKey(OwnerKey) ? Text(fields[OwnerKey], path, OwnerKey) : null,
        };
    }

    private static ImmutableArray<FormDescription> ReadParts(JsonObject fields, string path, int depth)
    {
        if (!fields.ContainsKey(PartsKey))
        {
            return [];
        }

        return fields[PartsKey] is JsonArray { Count: <= MostParts } parts
            ? [.. parts.Select((part, index) => Read(part, $"{path}.{index}", depth - 1))]
            : throw Malformed(path, $"'{PartsKey}' must be a list of at most {MostParts} forms");
    }

    private static ImmutableSortedDictionary<string, T> Entries<T>(
        JsonObject fields, string path, string key, Func<JsonNode?, string, T> read)
    {
        var entries = fields.ContainsKey(key) ? AsObject(fields[key], $"{path}.{key}") : [];
        return entries.ToImmutableSortedDictionary(
            pair => pair.Key, pair => read(pair.Value, $"{key}.{pair.Key}"), StringComparer.Ordinal);
    }

    private static JsonObject AsObject(JsonNode? node, string path) =>
        node as JsonObject ?? throw Malformed(path, $"an object is needed, found {Found(node)}");

    private static string Text(JsonNode? node, string path, string key) =>
        node is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0
            ? text
            : throw Malformed(path, $"'{key}' must be a text that is not empty, found {Found(node)}");

    private static long Whole(JsonNode? node, string path, string key, long least, long most) =>
        node is JsonValue value && value.TryGetValue(out long number) && number >= least && number <= most
            ? number
            : throw Malformed(path, $"'{key}' must be a whole number in {least}–{most}, found {Found(node)}");

    private static string Found(JsonNode? node) => node switch
    {
        null => "nothing",
        JsonValue value => value.ToJsonString(),
        _ => node.GetValueKind() == JsonValueKind.Array ? "a list" : "an object",
    };

    private static FormatException Malformed(string path, string problem) => new($"form of site {path}: {problem}");
}
