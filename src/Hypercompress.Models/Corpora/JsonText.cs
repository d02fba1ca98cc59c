using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Corpora;

/// <summary>The text in a JSON value: the value itself where it is a string, or a field of an object.</summary>
internal static class JsonText
{
    private const int NamedFields = 12;

    /// <summary>Finds the text.</summary>
    /// <param name="root">The value.</param>
    /// <param name="field">Name of the field; with dots between the levels of nested objects.</param>
    /// <param name="file">Path of the file, for messages.</param>
    /// <param name="place">The position in it, for messages: <c>line 12</c>.</param>
    /// <returns>The text; null where the field is null.</returns>
    /// <exception cref="CheckpointException">There is none, or it is not valid Unicode.</exception>
    public static string? Find(JsonElement root, string field, string file, string place)
    {
        try
        {
            JsonElement value = root.ValueKind == JsonValueKind.Object ? Field(root, field) : root;
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Null when root.ValueKind == JsonValueKind.Object => null,
                _ => throw new CheckpointException(
                    file, $"{place}: expected a JSON string or an object whose '{field}' is one{Fields(root)}"),
            };
        }
        catch (InvalidOperationException fault)
        {
            throw new CheckpointException(
                file, $"{place}: is not valid JSON: {MalformedJson.DescribeInLine(fault)}", fault);
        }
    }

    /// <summary>A field by its whole name, else level by level.</summary>
    /// <exception cref="InvalidOperationException">The name of a field is not valid Unicode.</exception>
    private static JsonElement Field(JsonElement root, string field)
    {
        if (root.TryGetProperty(field, out JsonElement value))
        {
            return value;
        }

        JsonElement current = root;
        foreach (string name in field.Split('.'))
        {
            if (current.ValueKind != JsonValueKind.Object || !current.TryGetProperty(name, out current))
            {
                return default;
            }
        }

        return current;
    }

    private static string Fields(JsonElement root) => root.ValueKind != JsonValueKind.Object
        ? $", found {root.ValueKind}"
        : $"; its fields are "
            + $"{string.Join(", ", root.EnumerateObject().Take(NamedFields).Select(field => field.Name))}: "
            + "name one as FILE:FIELD";
}
