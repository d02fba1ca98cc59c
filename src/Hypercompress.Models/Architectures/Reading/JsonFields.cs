using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Architectures.Reading;

/// <summary>Typed reads of a JSON object; what is missing or wrong names the file and the key.</summary>
/// <param name="json">The object.</param>
/// <param name="file">The file that holds it.</param>
/// <param name="prefix">Path of the object within the file, empty or ending in a dot.</param>
internal sealed class JsonFields(JsonObject json, string file, string prefix = "")
{
    // In messages "<" stays as it is.
    private static readonly JsonSerializerOptions Plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A nested object, or null where it is absent or null.</summary>
    public JsonFields? Section(string key) => json[key] switch
    {
        null => null,
        JsonObject section => new JsonFields(section, file, $"{prefix}{key}."),
        JsonNode other => throw Invalid(key, "must be an object", other),
    };

    /// <summary>A whole number of at least 1.</summary>
    public int Size(string key) => OptionalSize(key) ?? throw Missing(key, "a whole number above 0");

    /// <summary>A whole number of at least 1, or null where it is absent or null.</summary>
    public int? OptionalSize(string key) => OptionalNumber(key) switch
    {
        null => null,
        double value when value is >= 1 and <= int.MaxValue && value == Math.Floor(value) => (int)value,
        double value => throw Invalid(key, "must be a whole number above 0", value),
    };

    /// <summary>A finite number.</summary>
    public double Number(string key) => OptionalNumber(key) ?? throw Missing(key, "a number");

    /// <summary>A finite number, or null where it is absent or null.</summary>
    public double? OptionalNumber(string key) => json[key] switch
    {
        null => null,
        JsonNode node when TryNumber(node, out double value) => value,
        JsonNode node => throw Invalid(key, "must be a number", node),
    };

    /// <summary>True or false.</summary>
    public bool Flag(string key, bool otherwise) => json[key] switch
    {
        null => otherwise,
        JsonNode node when node.GetValueKind() == JsonValueKind.True => true,
        JsonNode node when node.GetValueKind() == JsonValueKind.False => false,
        JsonNode node => throw Invalid(key, "must be true or false", node),
    };

    /// <summary>A text, or null where it is absent or null.</summary>
    public string? OptionalText(string key) => json[key] switch
    {
        null => null,
        JsonNode node when node.GetValueKind() == JsonValueKind.String => node.GetValue<string>(),
        JsonNode node => throw Invalid(key, "must be a text", node),
    };

    /// <summary>Whether there is such a key, with null or anything else.</summary>
    public bool Has(string key) => json.ContainsKey(key);

    /// <summary>A whole number of at least 1 by a family's key.</summary>
    public int Size(ConfigKey<int> key) => key.Name is null ? key.Default : OptionalSize(key.Name) ?? key.Default;

    /// <summary>A whole number of at least 1 by a family's key; a null that is stated stays null.</summary>
    public int? OptionalSize(ConfigKey<int?> key) =>
        key.Name is null || !Has(key.Name) ? key.Default : OptionalSize(key.Name);

    /// <summary>A finite number by a family's key.</summary>
    public double Number(ConfigKey<double> key) =>
        key.Name is null ? key.Default : OptionalNumber(key.Name) ?? key.Default;

    /// <summary>A number above 0 by a family's key; a null that is stated stays null.</summary>
    public double? OptionalPositive(ConfigKey<double?> key)
    {
        double? value = key.Name is null || !Has(key.Name) ? key.Default : OptionalNumber(key.Name);
        return value is null or > 0 ? value : throw Invalid(key.Name!, "must be above 0", value);
    }

    /// <summary>True or false by a family's key.</summary>
    public bool Flag(ConfigKey<bool> key) => key.Name is null ? key.Default : Flag(key.Name, key.Default);

    /// <summary>A text by a family's key.</summary>
    public string Text(ConfigKey<string> key) =>
        key.Name is null ? key.Default : OptionalText(key.Name) ?? key.Default;

    /// <summary>A list of finite numbers, or null where it is absent or null.</summary>
    public ImmutableArray<double>? OptionalNumbers(string key) => json[key] switch
    {
        null => null,
        JsonArray list => [.. list.Select(item => item is not null && TryNumber(item, out double value)
            ? value
            : throw Invalid(key, "must be a list of numbers", item))],
        JsonNode node => throw Invalid(key, "must be a list of numbers", node),
    };

    /// <summary>A list of texts, or null where it is absent or null.</summary>
    public ImmutableArray<string>? OptionalTexts(string key) => json[key] switch
    {
        null => null,
        JsonArray list => [.. list.Select(item => item is JsonValue text && text.TryGetValue(out string? value)
            ? value
            : throw Invalid(key, "must be a list of texts", item))],
        JsonNode node => throw Invalid(key, "must be a list of texts", node),
    };

    /// <summary>
    /// One token id or a list of them; none where it is absent, null or negative, as some write it that have none.
    /// </summary>
    public ImmutableArray<int> TokenIds(string key) => json[key] switch
    {
        null => [],
        JsonArray list => [.. list.Select(item => TokenId(key, item)).OfType<int>()],
        JsonNode node => TokenId(key, node) is { } id ? [id] : [],
    };

    /// <summary>The failure for a value that is there but cannot be used.</summary>
    public CheckpointException Invalid(string key, string requirement, object? found)
    {
        object text = found is JsonNode node ? node.ToJsonString(Plain) : found ?? "null";
        return new(file, string.Create(CultureInfo.InvariantCulture, $"\"{prefix}{key}\" {requirement}, found {text}"));
    }

    private CheckpointException Missing(string key, string requirement) =>
        new(file, $"\"{prefix}{key}\" is missing, expected {requirement}");

    private int? TokenId(string key, JsonNode? node) =>
        node is not null && TryNumber(node, out double id) && id <= int.MaxValue && id == Math.Floor(id)
            ? id < 0 ? null : (int)id
            : throw Invalid(key, "must be a token id or a list of token ids", node);

    private static bool TryNumber(JsonNode node, out double value)
    {
        value = 0;
        return node.GetValueKind() == JsonValueKind.Number
            && double.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }
}
