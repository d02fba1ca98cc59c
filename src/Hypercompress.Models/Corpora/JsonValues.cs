using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hypercompress.Models.Corpora;

/// <summary>JSON values that are checked to the last leaf, so that nothing fails later where they are used.</summary>
internal static class JsonValues
{
    /// <summary>Parses a text.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The value; null for <c>null</c>.</returns>
    /// <exception cref="JsonException">It is not JSON, has a key twice in an object, or a broken surrogate
    /// pair.</exception>
    public static JsonNode? Parse(string json)
    {
        try
        {
            JsonNode? value = JsonNode.Parse(json);
            Visit(value);
            return value;
        }
        catch (Exception fault) when (fault is InvalidOperationException or ArgumentException)
        {
            throw new JsonException(fault.Message, fault);
        }
    }

    /// <summary>Keys and strings are decoded when they are asked for, and only then found to be broken.</summary>
    private static void Visit(JsonNode? node)
    {
        if (node is JsonObject fields)
        {
            foreach (KeyValuePair<string, JsonNode?> field in fields)
            {
                Visit(field.Value);
            }
        }
        else if (node is JsonArray items)
        {
            foreach (JsonNode? item in items)
            {
                Visit(item);
            }
        }
        else if (node?.GetValueKind() == JsonValueKind.String)
        {
            node.GetValue<string>();
        }
    }
}
