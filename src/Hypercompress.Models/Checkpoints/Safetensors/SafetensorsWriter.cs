using System.Buffers.Binary;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Files;
using TorchSharp;

namespace Hypercompress.Models.Checkpoints.Safetensors;

/// <summary>
/// Writes safetensors files: the widest types first, then by name, so that every tensor is aligned; with the
/// <c>format: pt</c> that transformers asks for. Files appear by rename, whole or not at all.
/// </summary>
public static class SafetensorsWriter
{
    /// <summary>The default limit of a shard's data: 5 GB.</summary>
    public const long DefaultShardBytes = 5_000_000_000;

    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonWriterOptions Readable = Compact with { Indented = true };

    /// <summary>Writes tensors that are in memory into one file.</summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="tensors">Tensors by name, on any device; they stay the caller's.</param>
    /// <param name="metadata">More strings for <c>__metadata__</c>; null for none.</param>
    /// <returns>Bytes of the tensors' data, the header not counted.</returns>
    /// <exception cref="ArgumentException">
    /// A name or metadata key is reserved or used twice, or a type cannot be stored.
    /// </exception>
    public static long Write(
        string path,
        IEnumerable<KeyValuePair<string, torch.Tensor>> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return Write(path, [.. tensors.Select(pair => TensorToWrite.From(pair.Key, pair.Value))], metadata);
    }

    /// <summary>Writes tensors into one file, making them one after the other.</summary>
    /// <param name="path">The file; replaced when it exists.</param>
    /// <param name="tensors">What is to be written; each is made when its turn comes, in the order of the file.</param>
    /// <param name="metadata">More strings for <c>__metadata__</c>; null for none.</param>
    /// <returns>Bytes of the tensors' data, the header not counted.</returns>
    /// <exception cref="ArgumentException">
    /// A name or metadata key is reserved or used twice, or a type cannot be stored.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A tensor was made with another type or shape than declared.
    /// </exception>
    public static long Write(
        string path, IReadOnlyList<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(tensors);
        CheckNames(tensors, metadata);
        TensorToWrite[] ordered =
        [
            .. tensors.OrderByDescending(tensor => SafetensorsTypes.Order(SafetensorsTypes.For(tensor.Type)))
                .ThenBy(tensor => tensor.Name, StringComparer.Ordinal),
        ];
        byte[] header = Header(ordered, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var tensor in ordered)
            {
                tensor.WriteTo(stream);
            }
        });
        return ordered.Sum(tensor => tensor.ByteLength);
    }

    /// <summary>
    /// Writes a model's tensors into a folder: as <c>model.safetensors</c> when they fit into one shard, else as shards
    /// with an index. What an earlier write left there and a reader would take instead is removed.
    /// </summary>
    /// <param name="folder">The folder; it must exist.</param>
    /// <param name="tensors">What is to be written, in the order in which shards are filled.</param>
    /// <param name="maximumShardBytes">
    /// Most data bytes of a shard, at least 1; a larger tensor has a shard of its own.
    /// </param>
    /// <param name="metadata">More strings for the <c>__metadata__</c> of every shard; null for none.</param>
    /// <returns>Bytes of the tensors' data, headers and index not counted.</returns>
    /// <exception cref="ArgumentException">
    /// A name or metadata key is reserved or used twice, or a type cannot be stored.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A tensor was made with another type or shape than declared.
    /// </exception>
    public static long WriteSharded(
        string folder,
        IReadOnlyList<TensorToWrite> tensors,
        long maximumShardBytes = DefaultShardBytes,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentOutOfRangeException.ThrowIfLessThan(maximumShardBytes, 1);
        CheckNames(tensors, metadata);
        string single = Path.Combine(folder, SafetensorsNames.SingleFile);
        string index = Path.Combine(folder, SafetensorsNames.IndexFile);
        var shards = Split(tensors, maximumShardBytes);
        if (shards.Count == 1)
        {
            long bytes = Write(single, tensors, metadata);
            File.Delete(index);
            return bytes;
        }

        long total = 0;
        Dictionary<string, string> shardOf = new(StringComparer.Ordinal);
        for (int i = 0; i < shards.Count; i++)
        {
            string name = string.Create(
                CultureInfo.InvariantCulture, $"model-{i + 1:D5}-of-{shards.Count:D5}.safetensors");
            total += Write(Path.Combine(folder, name), shards[i], metadata);
            shards[i].ForEach(tensor => shardOf.Add(tensor.Name, name));
        }

        WriteIndex(index, shardOf, total);
        File.Delete(single);
        return total;
    }

    private static void CheckNames(IReadOnlyList<TensorToWrite> tensors, IReadOnlyDictionary<string, string>? metadata)
    {
        HashSet<string> names = new(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
            {
                throw new ArgumentException(
                    $"the tensor name '{tensor.Name}' is reserved or used twice", nameof(tensors));
            }
        }

        if (metadata?.ContainsKey("format") == true)
        {
            throw new ArgumentException(
                "the metadata key 'format' is written always and has one value", nameof(metadata));
        }
    }

    private static List<List<TensorToWrite>> Split(IReadOnlyList<TensorToWrite> tensors, long maximumShardBytes)
    {
        List<List<TensorToWrite>> shards = [[]];
        long filled = 0;
        foreach (var tensor in tensors)
        {
            long bytes = tensor.ByteLength;
            if (shards[^1].Count > 0 && filled + bytes > maximumShardBytes)
            {
                shards.Add([]);
                filled = 0;
            }

            shards[^1].Add(tensor);
            filled += bytes;
        }

        return shards;
    }

    private static byte[] Header(TensorToWrite[] ordered, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        buffer.Write(stackalloc byte[8]);
        using (var json = new Utf8JsonWriter(buffer, Compact))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsHeader.MetadataKey);
            json.WriteString("format", "pt");
            foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            WriteEntries(json, ordered);
            json.WriteEndObject();
        }

        // The data starts at a multiple of 8, so that it is aligned for the widest type.
        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        byte[] header = buffer.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)header.Length - 8);
        return header;
    }

    private static void WriteEntries(Utf8JsonWriter json, TensorToWrite[] ordered)
    {
        long position = 0;
        foreach (var tensor in ordered)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", SafetensorsTypes.For(tensor.Type).Name);
            json.WriteStartArray("shape");
            foreach (long size in tensor.Shape)
            {
                json.WriteNumberValue(size);
            }

            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(position);
            position += tensor.ByteLength;
            json.WriteNumberValue(position);
            json.WriteEndArray();
            json.WriteEndObject();
        }
    }

    private static void WriteIndex(string path, Dictionary<string, string> shardOf, long totalBytes) =>
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream, Readable);
            json.WriteStartObject();
            json.WriteStartObject("metadata");
            json.WriteNumber("total_size", totalBytes);
            json.WriteEndObject();
            json.WriteStartObject("weight_map");
            foreach (var (name, shard) in shardOf.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, shard);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        });
}
