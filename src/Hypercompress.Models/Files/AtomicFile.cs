using System.Text;

namespace Hypercompress.Models.Files;

/// <summary>
/// Writes a file beside its target and renames it, so that the target is always whole: the old one or the new one.
/// </summary>
public static class AtomicFile
{
    private const int BufferBytes = 1 << 20;
    private const string DevicePrefix = "/dev/";

    /// <summary>Writes a file.</summary>
    /// <param name="path">
    /// The target; replaced when it exists, and its folder made when it is missing. Where it is a link, the file that
    /// it leads to is replaced; a device is written to.
    /// </param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full or fails; the target is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(string path, Action<FileStream> write)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        string target = Target(path);
        if (target.StartsWith(DevicePrefix, StringComparison.Ordinal))
        {
            using var device = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            write(device);
            return;
        }

        try
        {
            WriteStaged(target, write);
        }
        catch (IOException fault) when (FreeSpace.IsUsedUp(fault))
        {
            throw new IOException(
                $"{path}: cannot be written: {FreeSpace.Reason(fault, "name a file on another disk")}", fault)
            {
                HResult = fault.HResult,
            };
        }
    }

    private static void WriteStaged(string target, Action<FileStream> write)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        using FileStream staged = StagedName.Create(target, string.Empty, BufferBytes);
        try
        {
            write(staged);
            staged.Flush(flushToDisk: true);
            staged.Dispose();
            File.Move(staged.Name, target, overwrite: true);
        }
        catch
        {
            Discard(staged);
            throw;
        }
    }

    /// <summary>Writes a text as UTF-8 without a byte order mark.</summary>
    /// <param name="path">The target; as in <see cref="Write"/>.</param>
    /// <param name="text">The content.</param>
    /// <exception cref="IOException">The disk is full or fails; the target is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void WriteText(string path, string text) =>
        Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    // On a full disk closing the file fails too: it has a buffer to write.
    private static void Discard(FileStream staged)
    {
        try
        {
            staged.Dispose();
        }
        catch (IOException)
        {
            // The failure that is reported is the first one.
        }
        finally
        {
            File.Delete(staged.Name);
        }
    }

    private static string Target(string path)
    {
        string full = Path.GetFullPath(path);
        return new FileInfo(full).LinkTarget is null
            ? full
            : File.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
    }
}
