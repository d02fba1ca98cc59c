using System.Text.Json;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Folders;

/// <summary>The index of a checkpoint that is spread over several files: which shard holds which tensor.</summary>
/// <param name="Path">Path of the index file.</param>
/// <param name="ShardOf">Plain file name of the shard by tensor name.</param>
internal sealed record ShardIndex(string Path, IReadOnlyDictionary<string, string> ShardOf)
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads an index file.</summary>
    /// <param name="path">Path of <c>*.index.json</c>.</param>
    /// <returns>The checked index.</returns>
    /// <exception cref="CheckpointException">
    /// It is missing, not JSON, or names something that is no plain file.
    /// </exception>
    public static ShardIndex Read(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(ReadAll(path), Strict);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("weight_map", out var map)
                || map.ValueKind != JsonValueKind.Object)
            {
                throw new CheckpointException(path, "has no object 'weight_map'");
            }

            return new ShardIndex(
                path,
                map.EnumerateObject().ToDictionary(
                    pair => pair.Name, pair => CheckShardName(path, pair), StringComparer.Ordinal));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new CheckpointException(path, $"is not valid JSON: {e.Message}", e);
        }
    }

    private static byte[] ReadAll(string path)
    {
        using var file = CheckpointFile.Open(path);
        if (file.Length > SafetensorsHeader.MaximumBytes)
        {
            throw new CheckpointException(path, $"is too large for an index: {file.Length} bytes");
        }

        byte[] json = new byte[file.Length];
        file.ReadExactly(0, json);
        return json;
    }

    // An index from elsewhere must not reach outside its own folder.
    private static string CheckShardName(string path, JsonProperty pair)
    {
        string? shard = pair.Value.ValueKind == JsonValueKind.String ? pair.Value.GetString() : null;
        if (string.IsNullOrEmpty(shard) || shard is "." or ".." || shard.AsSpan().IndexOfAny("/\\:\0") >= 0)
        {
            throw new CheckpointException(
                path, $"weight_map['{pair.Name}'] is {pair.Value.GetRawText()}; it must be a plain file name");
        }

        return shard;
    }
}
