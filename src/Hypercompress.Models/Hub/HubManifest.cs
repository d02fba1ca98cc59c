using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Hub;

/// <summary>
/// The list of files that a compressed model has instead of the usual names; everything in it is checked.
/// </summary>
/// <param name="Entries">All its other files.</param>
internal sealed record HubManifest(IReadOnlyList<HubManifestEntry> Entries)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "hypercompress.json";

    /// <summary>Reads it.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="CheckpointException">It is malformed, or names a file elsewhere.</exception>
    public static HubManifest Read(string path)
    {
        if (JsonFile.ReadObject(path)["files"] is not JsonArray { Count: > 0 } files)
        {
            throw new CheckpointException(path, "lists no files");
        }

        return new HubManifest([.. files.Select(file => Entry(file) ?? throw new CheckpointException(path,
            $"lists {file?.ToJsonString(PlainJson.Compact) ?? "null"}, expected name, bytes and sha256 of a file "
                + "beside it"))]);
    }

    /// <summary>Refuses a file that the Hub describes in another way.</summary>
    /// <param name="id">The model, for messages.</param>
    /// <param name="file">What the Hub says.</param>
    /// <exception cref="CheckpointException">Length or checksum differ.</exception>
    public void RequirePromised(HubModelId id, HubFile file)
    {
        HubManifestEntry entry = Entries.First(entry => entry.Name == file.Name);
        if (entry.Bytes != file.Size || (file.Etag.Length == entry.Sha256.Length && file.Etag != entry.Sha256))
        {
            throw Changed(id, entry);
        }
    }

    /// <summary>Refuses a folder with a file that is not what was promised.</summary>
    /// <param name="id">The model, for messages.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="files">What the Hub said; a SHA-256 there has been checked already.</param>
    /// <exception cref="CheckpointException">A checksum differs.</exception>
    public void RequireContents(HubModelId id, string folder, IReadOnlyList<HubFile> files)
    {
        foreach (HubManifestEntry entry in Entries.Where(entry => files.All(file => file.Etag != entry.Sha256)))
        {
            using FileStream stream = File.OpenRead(Path.Combine(folder, entry.Name));
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != entry.Sha256)
            {
                throw Changed(id, entry);
            }
        }
    }

    private static CheckpointException Changed(HubModelId id, HubManifestEntry entry) => new(
        $"{id}/{entry.Name}",
        $"is not the file that {FileName} lists: expected {entry.Bytes} bytes with SHA-256 {entry.Sha256}");

    private static HubManifestEntry? Entry(JsonNode? file) =>
        file is JsonObject entry
        && Value<string>(entry["name"]) is { } name && HubFileSelection.IsPlain(name) && name != FileName
        && Value<long?>(entry["bytes"]) is >= 0 and var bytes
        && Value<string>(entry["sha256"]) is { Length: 64 } checksum && checksum.All(char.IsAsciiHexDigitLower)
            ? new HubManifestEntry(name, bytes, checksum)
            : null;

    private static T? Value<T>(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out T? found) ? found : default;
}
