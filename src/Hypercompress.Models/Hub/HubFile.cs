namespace Hypercompress.Models.Hub;

/// <summary>The Hub's description of a file before it is fetched.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Commit">The commit that it is of.</param>
/// <param name="Etag">Name of its content: the SHA-256 of large files, Git's checksum of small ones.</param>
/// <param name="Size">Its length in bytes.</param>
internal sealed record HubFile(string Name, string Commit, string Etag, long Size);
