using System.Text.Json.Nodes;
using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints;

/// <summary>JSON files beside weights, with errors that name them.</summary>
public static class JsonFile
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    /// <summary>Reads a file that holds one JSON object.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The object.</returns>
    /// <exception cref="CheckpointException">It is missing, malformed, or holds something else.</exception>
    public static JsonObject ReadObject(string path) => ParseObject(path, ReadBytes(path));

    /// <summary>Parses the content of a file that holds one JSON object.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="content">Its bytes, UTF-8.</param>
    /// <returns>The object.</returns>
    /// <exception cref="CheckpointException">It is malformed, or holds something else.</exception>
    public static JsonObject ParseObject(string path, byte[] content)
    {
        try
        {
            using (var document = JsonDocument.Parse(content, Strict))
            {
                RequireText(document.RootElement);
            }

            return JsonNode.Parse(content, documentOptions: Strict) as JsonObject
                ?? throw new CheckpointException(path, "must be a JSON object");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw new CheckpointException(path, $"is not valid JSON: {problem.Message}", problem);
        }
    }

    /// <summary>
    /// Reads every text once: the parser leaves bytes that are no UTF-8, and halves of surrogate pairs, to be found by
    /// whoever asks for the text.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are such.</exception>
    private static void RequireText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    _ = property.Name;
                    RequireText(property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    RequireText(item);
                }

                break;
            case JsonValueKind.String:
                _ = element.GetString();
                break;
            default:
                break;
        }
    }

    /// <summary>Writes an object, indented, with line feeds on every system.</summary>
    /// <param name="path">The file; replaced when it is there.</param>
    /// <param name="document">The object.</param>
    public static void Write(string path, JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        File.WriteAllText(path, document.ToJsonString(Indented));
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    internal static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"cannot be read: {problem.Message}", problem);
        }
    }
}
