using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;

namespace Hypercompress.Artifacts;

/// <summary>Reads JSON files with errors that name them.</summary>
internal static class JsonFile
{
    /// <summary>Reads a file that holds one JSON object.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The object.</returns>
    /// <exception cref="CheckpointException">It is missing, malformed, or holds something else.</exception>
    public static JsonObject ReadObject(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path)) as JsonObject
                ?? throw new CheckpointException(path, "does not hold a JSON object");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(path, $"is not valid JSON: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, $"cannot be read: {e.Message}", e);
        }
    }
}
