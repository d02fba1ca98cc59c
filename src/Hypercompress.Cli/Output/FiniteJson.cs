using System.Globalization;
using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Output;

/// <summary>JSON has no number for NaN and infinity: they become null.</summary>
internal static class FiniteJson
{
    /// <summary>Makes a document that can be written.</summary>
    /// <param name="node">A document, or null.</param>
    /// <returns>A copy in which every number is finite.</returns>
    public static JsonNode? Of(JsonNode? node) => node switch
    {
        JsonObject members => new JsonObject(
            members.Select(member => KeyValuePair.Create(member.Key, Of(member.Value)))),
        JsonArray items => new JsonArray([.. items.Select(Of)]),
        JsonValue value when IsNotFinite(value) => null,
        _ => node?.DeepClone(),
    };

    /// <summary>Escapes letters outside ASCII; in a document they are in texts only.</summary>
    /// <param name="text">A document.</param>
    /// <returns>The same document in ASCII.</returns>
    public static string ToAscii(string text) => string.Concat(text.Select(letter => char.IsAscii(letter)
        ? letter.ToString()
        : string.Create(CultureInfo.InvariantCulture, $"\\u{(int)letter:X4}")));

    private static bool IsNotFinite(JsonValue value) =>
        (value.TryGetValue(out double real) && !double.IsFinite(real))
        || (value.TryGetValue(out float single) && !float.IsFinite(single));
}
