using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Artifacts;

/// <summary>
/// The list of what an artifact is made of, written last. It is canonical: it parses and writes back to the same bytes, and
/// <see cref="Digest"/> covers all of it, so that a change anywhere in it shows.
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
/// <param name="Digest">SHA-256 of the manifest with an empty digest.</param>
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

    private static readonly JsonSerializerOptions Layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Writes the manifest with its digest filled in.</summary>
    /// <param name="folder">The artifact's folder.</param>
    public void Write(string folder) =>
        File.WriteAllBytes(Path.Combine(folder, FileName), (this with { Digest = ComputeDigest() }).ToBytes());

    /// <summary>Reads a manifest and checks that nothing in it was changed.</summary>
    /// <param name="folder">The artifact's folder.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="CheckpointException">It is missing, malformed, or not the one that was written.</exception>
    public static ArtifactManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        byte[] content = ReadFile(path);
        ArtifactManifest manifest = Parse(path, content);
        if (!manifest.ToBytes().AsSpan().SequenceEqual(content) || manifest.ComputeDigest() != manifest.Digest)
        {
            throw new CheckpointException(path, "the manifest was changed after it was written: its digest does not match");
        }

        return manifest;
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
        try
        {
            ArtifactManifest manifest = JsonSerializer.Deserialize<ArtifactManifest>(content, Layout)
                ?? throw new CheckpointException(path, "the manifest is 'null'");
            return manifest.Files.All(file => file is not null)
                ? manifest
                : throw new CheckpointException(path, "an entry of \"files\" is null");
        }
        catch (JsonException e)
        {
            throw new CheckpointException(path, $"the manifest is malformed: {e.Message}", e);
        }
    }

    private byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Layout);

    private string ComputeDigest() =>
        Convert.ToHexStringLower(SHA256.HashData((this with { Digest = string.Empty }).ToBytes()));
}
