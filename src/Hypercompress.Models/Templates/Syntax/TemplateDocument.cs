using System.Text.Json.Nodes;
using System.Text.Json;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Syntax;

/// <summary>Hands a JSON document to a template.</summary>
internal static class TemplateDocument
{
    /// <summary>The document's fields as variables; using one that it lacks is an error.</summary>
    public static TemplateScope ToScope(JsonObject document)
    {
        var scope = new TemplateScope(strict: true);
        foreach (var (name, value) in document)
        {
            scope.Set(name, ToValue(value));
        }

        return scope;
    }

    private static object? ToValue(JsonNode? node) => node switch
    {
        null => null,
        JsonArray list => list.Select(ToValue).ToList(),
        JsonObject map => ToMap(map),
        _ => ToScalar(node.AsValue()),
    };

    private static TemplateMap ToMap(JsonObject map)
    {
        var values = new TemplateMap();
        foreach (var (name, value) in map)
        {
            values[name] = ToValue(value);
        }

        return values;
    }

    private static object ToScalar(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => value.TryGetValue(out long whole) ? (object)whole : value.GetValue<double>(),
        _ => value.GetValue<string>(),
    };
}
