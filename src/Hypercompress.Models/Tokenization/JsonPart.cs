using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization;

/// <summary>One value of a JSON document that knows its file and path, so that every complaint can name them.</summary>
internal readonly struct JsonPart(JsonElement element, string file, string path)
{
    public JsonElement Element => element;

    public string File => file;

    /// <summary>The kind of component that this object describes.</summary>
    public string Type => Text("type");

    public bool IsNull => element.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>Reads a document.</summary>
    /// <exception cref="CheckpointException">It is not JSON, or the reading finds something wrong.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> json, string file, Func<JsonPart, T> read)
    {
        try
        {
            // Not a document, whose arrays a pool would keep: those of a large vocabulary are two megabytes.
            var reader = new Utf8JsonReader(json.Span);
            JsonElement root = JsonElement.ParseValue(ref reader);
            _ = reader.Read();
            return read(new JsonPart(root, file, ""));
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new CheckpointException(
                file, $"is not a valid JSON document: {MalformedJson.Describe(problem)}", problem);
        }
    }

    /// <summary>The member of this name; null where it is absent or JSON null.</summary>
    public JsonPart? Optional(string key)
    {
        RequireKind(JsonValueKind.Object);
        return element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null
            ? new JsonPart(value, file, path.Length == 0 ? key : $"{path}.{key}")
            : null;
    }

    public JsonPart Required(string key) => Optional(key) ?? throw Problem($"has no '{key}'");

    public string Text(string key) => Required(key).AsText();

    public string? OptionalText(string key) => Optional(key)?.AsText();

    public bool Flag(string key, bool absent = false) => Optional(key) switch
    {
        null => absent,
        { Element.ValueKind: JsonValueKind.True } => true,
        { Element.ValueKind: JsonValueKind.False } => false,
        { } other => throw other.Problem($"is {other.Element.ValueKind}, expected true or false"),
    };

    public bool? OptionalFlag(string key) => Optional(key) is null ? null : Flag(key);

    public int Integer(string key)
    {
        var part = Required(key);
        return part.Element.ValueKind == JsonValueKind.Number && part.Element.TryGetInt32(out int value)
            ? value
            : throw part.Problem("is not a 32-bit integer");
    }

    public string AsText()
    {
        RequireKind(JsonValueKind.String);
        return element.GetString()!;
    }

    public IEnumerable<JsonPart> Items()
    {
        RequireKind(JsonValueKind.Array);
        return Enumerate(element, file, path);
    }

    /// <summary>The members of an object, each by its name; of equal names the last one counts.</summary>
    public IEnumerable<(string Name, JsonPart Part)> Members()
    {
        RequireKind(JsonValueKind.Object);
        var members = new Dictionary<string, JsonPart>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            members[member.Name] = new JsonPart(member.Value, file, $"{path}.{member.Name}".TrimStart('.'));
        }

        return members.Select(member => (member.Key, member.Value));
    }

    public CheckpointException Problem(string problem, Exception? inner = null) =>
        new(file, $"{(path.Length == 0 ? "the document" : path)} {problem}", inner);

    public void RequireKind(JsonValueKind kind)
    {
        if (element.ValueKind != kind)
        {
            throw Problem($"is {element.ValueKind}, expected {kind}");
        }
    }

    private static IEnumerable<JsonPart> Enumerate(JsonElement array, string file, string path)
    {
        int index = 0;
        foreach (var item in array.EnumerateArray())
        {
            yield return new JsonPart(item, file, $"{path}[{index++}]");
        }
    }
}
