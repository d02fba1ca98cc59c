using System.Globalization;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Hub;

/// <summary>Fetches files that the cache does not have.</summary>
internal sealed class HubTransfer(
    HubClient client, HubCache cache, IProgress<HubProgress>? progress, CancellationToken cancellation)
{
    private readonly BlobDownload _blobs = new(client, cache.Blobs, cancellation);

    /// <summary>Fetches the files and puts them into their commit.</summary>
    /// <exception cref="Errors.CheckpointException">A file cannot be fetched, or is not what was promised.</exception>
    /// <exception cref="IOException">The disk has too little room.</exception>
    public void Run(IReadOnlyList<HubFile> files)
    {
        HubFile[] missing = [.. files.Where(file => !_blobs.Has(file)).DistinctBy(file => file.Etag)];
        RequireRoom(missing);
        long total = files.Sum(file => file.Size);
        long done = files.Where(file => _blobs.Has(file)).Sum(file => file.Size);
        foreach (HubFile file in missing)
        {
            cancellation.ThrowIfCancellationRequested();
            _blobs.Run(file, bytes =>
                progress?.Report(new HubProgress(file.Name, bytes, file.Size, done + bytes, total)));
            done += file.Size;
        }

        foreach (HubFile file in files)
        {
            cache.Link(file.Etag, file.Commit, file.Name);
        }
    }

    private void RequireRoom(HubFile[] missing)
    {
        long needed = missing.Sum(file => file.Size - _blobs.PartLength(file));
        string folder = Directory.CreateDirectory(cache.Blobs).FullName;
        long free = new DriveInfo(folder).AvailableFreeSpace;
        if (needed > free)
        {
            throw new IOException(string.Create(CultureInfo.InvariantCulture,
                $"{folder} has {free} bytes free, {needed} are needed; free some, or set HF_HOME to another disk"));
        }
    }
}
