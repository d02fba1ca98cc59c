using System.Security.Cryptography;

namespace Hypercompress.Artifacts;

/// <summary>A file of an artifact as the manifest records it.</summary>
/// <param name="Name">Name inside the artifact's folder; plain, without separators.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Sha256">Lower-case hexadecimal SHA-256 of its content.</param>
public sealed record FileEntry(string Name, long Bytes, string Sha256)
{
    /// <summary>Measures a file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <returns>Its entry.</returns>
    public static FileEntry Of(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return new FileEntry(Path.GetFileName(path), stream.Length, Convert.ToHexStringLower(SHA256.HashData(stream)));
    }
}
