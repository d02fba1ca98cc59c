namespace Hypercompress.Models.Hub;

/// <summary>A file that a <see cref="HubManifest"/> lists.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its content, hexadecimal in small letters.</param>
internal sealed record HubManifestEntry(string Name, long Bytes, string Sha256);
