using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Folders;

/// <summary>The index of a checkpoint that is spread over several files: which shard holds which tensor.</summary>
/// <param name="Path">Path of the index file.</param>
/// <param name="ShardOf">Plain file name of the shard by tensor name.</param>
internal sealed record ShardIndex(string Path, IReadOnlyDictionary<string, string> ShardOf)
{
    private const string MapKey = "weight_map";

    // Far above any index: the largest published ones have about 10 MB.
    private const long MaximumBytes = 32 << 20;

    /// <summary>Reads an index file.</summary>
    /// <param name="path">Path of <c>*.index.json</c>.</param>
    /// <returns>The checked index.</returns>
    /// <exception cref="CheckpointException">
    /// It is missing, not JSON, too large, or names something that is not a plain file.
    /// </exception>
    public static ShardIndex Read(string path)
    {
        byte[] json = ReadAll(path);
        try
        {
            return new ShardIndex(path, ParseRoot(path, json) ?? throw new CheckpointException(
                path, $"has no object '{MapKey}'"));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            string? foreign = ForeignContent.DescribeWeights(
                json.AsSpan(0, Math.Min(json.Length, ForeignContent.NeededBytes)));
            throw new CheckpointException(
                path,
                json is [(byte)'{', ..] || foreign is null
                    ? $"is not valid JSON: {MalformedJson.Describe(e)}"
                    : foreign,
                e);
        }
    }

    private static byte[] ReadAll(string path)
    {
        using var file = CheckpointFile.Open(path);
        if (file.Length > MaximumBytes)
        {
            throw new CheckpointException(path, $"is too large for an index: {file.Length} bytes");
        }

        byte[] json = new byte[file.Length];
        file.ReadExactly(0, json);
        return json;
    }

    private static Dictionary<string, string>? ParseRoot(string path, byte[] json)
    {
        var reader = new Utf8JsonReader(json);
        Dictionary<string, string>? map = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isMap = reader.ValueTextEquals(MapKey);
            reader.Read();
            if (!isMap || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            map = map is null
                ? ParseMap(path, ref reader, new MemoryBudget(json.Length))
                : throw new CheckpointException(
                path, $"has the object '{MapKey}' twice");
        }

        // Anything but white space after the closing brace makes this call throw.
        reader.Read();
        return map;
    }

    private static Dictionary<string, string> ParseMap(string path, ref Utf8JsonReader reader, MemoryBudget budget)
    {
        Dictionary<string, string> map = new(StringComparer.Ordinal);
        Dictionary<string, string> shards = new(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            reader.Read();
            string shard = CheckShardName(path, name, ref reader);
            shards.TryAdd(shard, shard);
            if (!budget.TakeText(name.Length + shard.Length))
            {
                throw new CheckpointException(
                    path, $"has more than {map.Count} tensors, too many for an index of its size");
            }

            if (!map.TryAdd(name, shards[shard]))
            {
                throw new CheckpointException(path, $"names the tensor '{name}' twice");
            }
        }

        return map;
    }

    // An index from elsewhere must not reach outside its own folder.
    private static string CheckShardName(string path, string name, ref Utf8JsonReader reader)
    {
        string? shard = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return !string.IsNullOrEmpty(shard) && shard is not ("." or "..") && shard.AsSpan().IndexOfAny("/\\:\0") < 0
            ? shard
            : throw new CheckpointException(
                path, $"{MapKey}['{name}'] is {shard ?? reader.TokenType.ToString()}; it must be a plain file name");
    }
}
