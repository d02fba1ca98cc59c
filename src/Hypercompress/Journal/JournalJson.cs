using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Hypercompress.Journal;

/// <summary>How results are written as JSON: numbers come back to the bit, those that are not finite too.</summary>
internal static class JournalJson
{
    /// <summary>The layout of all documents.</summary>
    public static JsonSerializerOptions Layout { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        IgnoreReadOnlyProperties = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Writes a value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The value.</param>
    /// <returns>A node that <see cref="JournalEntry.Get{T}"/> reads.</returns>
    public static JsonNode? ToNode<T>(T value) => JsonSerializer.SerializeToNode(value, Layout);
}
