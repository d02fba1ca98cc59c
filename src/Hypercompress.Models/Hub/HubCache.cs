using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Models.Hub;

/// <summary>
/// The cache of one model: <c>models--owner--name</c> with <c>refs</c> (which commit a revision is), <c>blobs</c>
/// (contents by checksum) and <c>snapshots</c> (the files of a commit, as links to blobs).
/// </summary>
internal sealed class HubCache
{
    private const string Prefix = "models--";
    private const string Snapshots = "snapshots";

    private readonly string _folder;

    public HubCache(HubSettings settings, HubModelId id) => _folder = Path.Combine(
        Path.GetFullPath(settings.CacheFolder), $"{Prefix}{id.Owner}--{id.Name}");

    /// <summary>Folder of the contents.</summary>
    public string Blobs => Path.Combine(_folder, "blobs");

    /// <summary>The model's name where a folder is a snapshot, else null.</summary>
    /// <param name="path">Full path of any folder.</param>
    public static string? ModelName(string path)
    {
        string? parent = Path.GetDirectoryName(path);
        string? model = parent is not null && Path.GetFileName(parent) == Snapshots
            ? Path.GetFileName(Path.GetDirectoryName(parent))
            : null;
        return model is not null && model.StartsWith(Prefix, StringComparison.Ordinal) ? model.Split("--")[^1] : null;
    }

    /// <summary>Whether a link in a snapshot leads to a content of the same model's cache.</summary>
    /// <param name="link">Full path of the link.</param>
    /// <param name="target">Full path of the file that it leads to.</param>
    public static bool HoldsBlob(string link, string target)
    {
        string? snapshot = Path.GetDirectoryName(link);
        string? blobs = Path.GetDirectoryName(target);
        return snapshot is not null && ModelName(snapshot) is not null
            && blobs == Path.GetFullPath(Path.Combine(snapshot, "..", "..", "blobs"));
    }

    /// <summary>The folder of a revision; null unless all its files are there.</summary>
    public string? FindSnapshot(HubModelId id)
    {
        string? commit = id.IsCommit ? id.Revision : ReadReference(id.Revision);
        return commit is not null && SnapshotOf(commit) is var folder && HubFileSelection.IsComplete(folder)
            ? folder
            : null;
    }

    /// <summary>The folder of a commit's files.</summary>
    public string SnapshotOf(string commit) => Path.Combine(_folder, Snapshots, commit);

    /// <summary>Puts a content into a commit's files.</summary>
    /// <param name="blob">Name of the content in <see cref="Blobs"/>.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="name">Name of the file; without folders.</param>
    public void Link(string blob, string commit, string name)
    {
        string folder = Directory.CreateDirectory(SnapshotOf(commit)).FullName;
        string path = Path.Combine(folder, name);
        File.Delete(path);
        try
        {
            File.CreateSymbolicLink(path, Path.Combine("..", "..", "blobs", blob));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Not every system lets every user make links.
            using FileStream content = File.OpenRead(Path.Combine(Blobs, blob));
            AtomicFile.Write(path, content.CopyTo);
        }
    }

    /// <summary>Notes which commit a revision is.</summary>
    public void WriteReference(string revision, string commit)
    {
        string path = ReferencePath(revision);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.WriteText(path, commit);
    }

    private string? ReadReference(string revision)
    {
        string path = ReferencePath(revision);
        try
        {
            return File.Exists(path) && File.ReadAllText(path).Trim() is var commit && HubModelId.IsCommitName(commit)
                ? commit
                : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, ReadFault.Describe(path, problem), problem);
        }
    }

    private string ReferencePath(string revision) => Path.Combine([_folder, "refs", .. revision.Split('/')]);
}
