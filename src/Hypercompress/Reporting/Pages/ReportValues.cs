using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Reporting.Pages;

/// <summary>Reads values of a report that an earlier version, or a stranger, may have written.</summary>
internal static class ReportValues
{
    /// <summary>A value inside objects.</summary>
    /// <param name="node">The outermost object.</param>
    /// <param name="path">Names from the outside to the inside.</param>
    /// <returns>The value; null where a part of the path is missing.</returns>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
        {
            node = (node as JsonObject)?[name];
        }

        return node;
    }

    /// <summary>A number.</summary>
    /// <param name="node">The outermost object.</param>
    /// <param name="path">Names from the outside to the inside.</param>
    /// <returns>The number; null where there is none.</returns>
    public static double? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value ? Number(value) : null;

    /// <summary>A text.</summary>
    /// <param name="node">The outermost object.</param>
    /// <param name="path">Names from the outside to the inside.</param>
    /// <returns>The text; empty where there is none.</returns>
    public static string Word(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out string? text) ? text : string.Empty;

    /// <summary>The entries of a list.</summary>
    /// <param name="node">The outermost object.</param>
    /// <param name="path">Names from the outside to the inside.</param>
    /// <returns>The objects of the list; none where there is no list.</returns>
    public static IReadOnlyList<JsonObject> Entries(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray list ? [.. list.OfType<JsonObject>()] : [];

    /// <summary>The numbers of an object whose names are numbers.</summary>
    /// <param name="node">The outermost object.</param>
    /// <param name="name">Name of the object.</param>
    /// <returns>Pairs by rising name.</returns>
    public static IReadOnlyList<(double X, double Y)> Curve(this JsonNode? node, string name)
    {
        var points = new List<(double X, double Y)>();
        foreach ((string key, JsonNode? value) in node.At(name) as JsonObject ?? [])
        {
            if (int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int x)
                && value is JsonValue number && Number(number) is { } y)
            {
                points.Add((x, y));
            }
        }

        return [.. points.OrderBy(point => point.X)];
    }

    /// <summary>A predicted perplexity with its band.</summary>
    /// <param name="node">An object with the keys of a prediction, or null.</param>
    /// <returns>The prediction; null where a number is missing.</returns>
    public static PerplexityForecast? Forecast(this JsonNode? node) =>
        node.Number("perplexity") is { } value && node.Number("low") is { } low && node.Number("high") is { } high
            ? new PerplexityForecast(value, low, high)
            : null;

    // A value that was not read from a text knows only the type that it was made of. 1e999 is a number in JSON.
    private static double? Number(JsonValue value) =>
        value.TryGetValue(out double real) ? double.IsFinite(real) ? real : null
        : value.TryGetValue(out long whole) ? whole
        : value.TryGetValue(out int small) ? small
        : null;
}
