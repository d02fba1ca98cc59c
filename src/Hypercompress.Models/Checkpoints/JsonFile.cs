using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints;

/// <summary>JSON files beside weights, with errors that name them.</summary>
public static class JsonFile
{
    private static readonly string[] ServerKeys =
        ["error", "message", "detail", "status", "statusCode", "code", "success"];

    /// <summary>Reads a file that holds one JSON object.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The object.</returns>
    /// <exception cref="CheckpointException">It is missing, malformed, or holds something else.</exception>
    public static JsonObject ReadObject(string path) => ParseObject(path, ReadBytes(path));

    /// <summary>Reads a small file that holds one JSON object.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostBytes">The most bytes that it may have.</param>
    /// <returns>The object.</returns>
    /// <exception cref="CheckpointException">It is missing, malformed, larger, or holds something else.</exception>
    public static JsonObject ReadObject(string path, long mostBytes)
    {
        using (CheckpointFile file = CheckpointFile.Open(path))
        {
            if (file.Length > mostBytes)
            {
                throw new CheckpointException(
                    path,
                    $"has {file.Length} bytes; at most {mostBytes} are read of such a file");
            }
        }

        return ReadObject(path);
    }

    /// <summary>
    /// Parses the content of a file that holds one JSON object. <c>NaN</c> and <c>Infinity</c>, which Python writes,
    /// are read as null and as a number beyond all others.
    /// </summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="content">Its bytes, UTF-8.</param>
    /// <returns>The object.</returns>
    /// <exception cref="CheckpointException">It is malformed, or holds something else.</exception>
    public static JsonObject ParseObject(string path, byte[] content)
    {
        ArgumentNullException.ThrowIfNull(content);
        content = PythonNumbers.Replace(content);
        try
        {
            using (var document = JsonDocument.Parse(content))
            {
                RequireWhole(document.RootElement);
                RequireNoServerMessage(path, document.RootElement);
            }

            return JsonNode.Parse(content) as JsonObject
                ?? throw new CheckpointException(path, "must be a JSON object");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw NotJson(path, content, problem);
        }
    }

    private static CheckpointException NotJson(string path, byte[] content, Exception problem)
    {
        string? foreign = content is [(byte)'{' or (byte)'[', ..]
            ? null
            : ForeignContent.DescribeWeights(Start(content));
        return new CheckpointException(
            path, foreign ?? $"is not valid JSON: {MalformedJson.Describe(problem)}", problem);
    }

    /// <summary>A server's answer in place of a file is an object with its message and little else.</summary>
    private static void RequireNoServerMessage(string path, JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Object
            && root.EnumerateObject().All(property => ServerKeys.Contains(property.Name))
            && root.EnumerateObject().FirstOrDefault(property => property.Value.ValueKind == JsonValueKind.String)
                is { Value.ValueKind: JsonValueKind.String } stated)
        {
            throw new CheckpointException(
                path, $"holds the message of a server and not the file: {stated.Value.GetString()}; download it again");
        }
    }

    private static ReadOnlySpan<byte> Start(byte[] content) =>
        content.AsSpan(0, Math.Min(content.Length, ForeignContent.NeededBytes));

    /// <summary>
    /// Reads every text once: the parser leaves bytes that are no UTF-8, and halves of surrogate pairs, to be found by
    /// whoever asks for the text. Names that are there twice are found here too: the parser, if it is asked to, loads a
    /// library of ciphers for that.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are such texts.</exception>
    /// <exception cref="JsonException">There are such names.</exception>
    private static void RequireWhole(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var names = new HashSet<string>(StringComparer.Ordinal);
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    if (!names.Add(property.Name))
                    {
                        throw new JsonException($"Duplicate property '{property.Name}' encountered in an object");
                    }

                    RequireWhole(property.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray())
                {
                    RequireWhole(item);
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
        File.WriteAllText(path, document.ToJsonString(PlainJson.Indented));
    }

    /// <summary>Reads a whole file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    internal static byte[] ReadBytes(string path)
    {
        try
        {
            byte[] content = File.ReadAllBytes(path);
            return ForeignContent.Describe(Start(content)) is { } foreign
                ? throw new CheckpointException(path, foreign)
                : content;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, ReadFault.Describe(path, problem), problem);
        }
    }
}
