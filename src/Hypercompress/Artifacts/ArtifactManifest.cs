using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Settings;

namespace Hypercompress.Artifacts;

/// <summary>
/// The list of an artifact's files with their hashes, written last. <see cref="Digest"/> covers every byte of it, so
/// that any change shows.
/// </summary>
/// <param name="Version">Version of the artifact's layout; 1.</param>
/// <param name="Tool">Name and version of the program.</param>
/// <param name="Teacher">Label of the teacher.</param>
/// <param name="TeacherBytes">Bytes of the teacher's weights as published.</param>
/// <param name="WeightBytes">Bytes of the student's tensor data.</param>
/// <param name="FileBytes">Bytes of the student's weight files, headers included.</param>
/// <param name="Seed">Seed of the run.</param>
/// <param name="Threads">CPU threads of the run.</param>
/// <param name="Data">SHA-256 of every calibration and validation file, by file name.</param>
/// <param name="Probe">A short input and the logits it gave.</param>
/// <param name="Files">All other files.</param>
/// <param name="Digest">SHA-256 of the manifest's bytes as written, with an empty digest.</param>
public sealed record ArtifactManifest(
    int Version,
    string Tool,
    string Teacher,
    long TeacherBytes,
    long WeightBytes,
    long FileBytes,
    long Seed,
    int Threads,
    ImmutableSortedDictionary<string, string> Data,
    LogitFingerprint Probe,
    ImmutableArray<FileEntry> Files,
    string Digest)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "hypercompress.json";

    private static readonly JsonSerializerOptions Layout = new(PlainJson.Indented)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    /// <summary>SHA-256 of every calibration and validation file, by file name in ordinal order.</summary>
    public ImmutableSortedDictionary<string, string> Data { get; init; } = Data?.WithComparers(StringComparer.Ordinal)!;

    /// <summary>
    /// XxHash128 of the stored bytes of every tensor, by name; empty in artifacts that were written without them.
    /// </summary>
    public ImmutableSortedDictionary<string, string> TensorHashes { get; init; } = Artifacts.TensorHashes.None;

    /// <summary>
    /// Hashes or values of everything that determined the run, by name; empty in artifacts that were written without
    /// them.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Inputs { get; init; } = Artifacts.TensorHashes.None;

    /// <summary>
    /// SHA-256 of the names and hashes of all files but those with times in them: the same for every run with the same
    /// inputs, whether it was interrupted or not. Empty in artifacts that were written without it.
    /// </summary>
    public string ResultHash { get; init; } = string.Empty;

    /// <summary>The hash of the files that equal runs write alike.</summary>
    /// <param name="files">All files.</param>
    /// <returns>For <see cref="ResultHash"/>.</returns>
    internal static string HashOf(ImmutableArray<FileEntry> files) => Hash(Encoding.UTF8.GetBytes(string.Concat(
        files.Where(file => !ArtifactLayout.IsTimed(file.Name)).Select(file => $"{file.Name} {file.Sha256}\n"))));

    /// <summary>Writes the manifest with its digest filled in.</summary>
    /// <param name="folder">The artifact's folder.</param>
    public void Write(string folder)
    {
        string digest = Hash((this with { Digest = string.Empty }).ToBytes());
        File.WriteAllBytes(Path.Combine(folder, FileName), (this with { Digest = digest }).ToBytes());
    }

    /// <summary>Reads a manifest and checks that nothing in it was changed.</summary>
    /// <param name="folder">The artifact's folder.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="CheckpointException">It is missing, malformed, or not the one that was written.</exception>
    public static ArtifactManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        byte[] content = ReadFile(path);
        ArtifactManifest manifest = Parse(path, content);
        return DigestOf(content, manifest.Digest) == manifest.Digest
            ? manifest
            : throw new CheckpointException(
                path, "the manifest was changed after it was written: its digest does not match");
    }

    /// <summary>Reads the hashes of tensors alone, in a fraction of the time that the whole manifest takes.</summary>
    /// <param name="folder">The artifact's folder.</param>
    /// <returns>Hashes by tensor name; empty where there are none.</returns>
    /// <exception cref="CheckpointException">As for <see cref="Read"/>.</exception>
    internal static IReadOnlyDictionary<string, string> ReadTensorHashes(string folder)
    {
        byte[] content = ReadFile(Path.Combine(folder, FileName));
        return UnchangedHashes(content) is { } hashes ? hashes : Read(folder).TensorHashes;
    }

    // Null for bytes that were not written as they are, about which the whole manifest has more to say.
    private static Dictionary<string, string>? UnchangedHashes(byte[] content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            JsonElement root = document.RootElement;
            if (root.GetProperty("digest").GetString() is not { Length: > 0 } digest
                || DigestOf(content, digest) != digest)
            {
                return null;
            }

            var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
            if (root.TryGetProperty("tensor_hashes", out JsonElement stored))
            {
                foreach (JsonProperty tensor in stored.EnumerateObject())
                {
                    if (tensor.Value.GetString() is not { } hash)
                    {
                        return null;
                    }

                    hashes[tensor.Name] = hash;
                }
            }

            return hashes;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, "the artifact's manifest cannot be read; is this an artifact?", e);
        }
    }

    private static ArtifactManifest Parse(string path, byte[] content)
    {
        ArtifactManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<ArtifactManifest>(content, Layout)
                ?? throw new CheckpointException(path, "the manifest is 'null'");
        }
        catch (Exception e) when (
            e is JsonException or ArgumentException or InvalidOperationException or FormatException)
        {
            throw new CheckpointException(path, $"the manifest is malformed: {JsonFault.Describe(e)}", e);
        }

        if (manifest.Files.Any(file => file is null))
        {
            throw new CheckpointException(path, "an entry of \"files\" is null");
        }

        return manifest.Probe.LastLogits.Values.All(float.IsFinite)
            ? manifest
            : throw new CheckpointException(path, "\"probe\" has logits that are not finite numbers");
    }

    // The digest is that of the bytes as they were written, so that no order of keys or spelling of numbers matters.
    private static string DigestOf(byte[] content, string digest)
    {
        int quote = content.AsSpan().LastIndexOf(Encoding.UTF8.GetBytes($"\"{digest}\""));
        return quote < 0
            ? string.Empty
            : Hash([.. content.AsSpan(0, quote + 1), .. content.AsSpan(quote + 1 + digest.Length)]);
    }

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Layout);
}
