namespace Hypercompress.Models.Hub;

/// <summary>How far a download is.</summary>
/// <param name="File">The file that is fetched.</param>
/// <param name="FileBytes">Bytes of it that are there.</param>
/// <param name="FileSize">Its length in bytes.</param>
/// <param name="TotalBytes">Bytes of all files that are there.</param>
/// <param name="TotalSize">The length of all files in bytes.</param>
public readonly record struct HubProgress(string File, long FileBytes, long FileSize, long TotalBytes, long TotalSize);
