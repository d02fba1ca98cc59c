using System.Text.Json;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Files;

/// <summary>
/// Holds a folder for one user of it: a file <c>run.lock</c> that the system locks and gives free when the process
/// ends, however it ends, and a file <c>owner.json</c> beside it that names the process.
/// </summary>
public sealed class FolderLock : IDisposable
{
    private const string LockName = "run.lock";
    private const string OwnerName = "owner.json";

    // Folders that this process holds: not every disk locks files.
    private static readonly HashSet<string> Taken = new(
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private readonly string _folder;
    private readonly FileStream _held;

    private FolderLock(string folder, FileStream held) => (_folder, _held) = (folder, held);

    /// <summary>Names of the files of a lock, which are no content of the folder.</summary>
    /// <param name="name">Name of a file in the folder.</param>
    /// <returns>Whether it belongs to a lock.</returns>
    public static bool IsPart(string name) => name is LockName or OwnerName;

    /// <summary>Whether a process holds a folder or has held it.</summary>
    /// <param name="folder">A folder.</param>
    /// <returns>False where there is no lock.</returns>
    public static bool WasTaken(string folder) => File.Exists(Path.Combine(folder, LockName));

    /// <summary>Takes a folder; one that a process left which has ended is taken over.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <returns>The lock; the folder is free again when it is disposed.</returns>
    /// <exception cref="IOException">Another process holds the folder, or no file can be written there.</exception>
    /// <exception cref="ConfigurationException">This process holds it already.</exception>
    public static FolderLock Take(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        lock (Taken)
        {
            if (!Taken.Add(full))
            {
                throw new ConfigurationException(
                    $"another run of this process writes to {folder}; give each run a folder of its own");
            }
        }

        try
        {
            return new FolderLock(full, Lock(folder));
        }
        catch
        {
            GiveUp(full);
            throw;
        }
    }

    /// <summary>Whether a process holds a folder now.</summary>
    /// <param name="folder">A folder.</param>
    /// <returns>False where there is no lock, or one that was left behind.</returns>
    public static bool IsHeld(string folder)
    {
        string path = Path.Combine(folder, LockName);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using FileStream free = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return OwnerOf(folder) is { IsRunning: true } owner && owner != ProcessIdentity.Current;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _held.Dispose();
        GiveUp(_folder);
    }

    private static void GiveUp(string folder)
    {
        lock (Taken)
        {
            Taken.Remove(folder);
        }
    }

    private static FileStream Lock(string folder)
    {
        string path = Path.Combine(folder, LockName);
        while (true)
        {
            FileStream held = Open(folder, path);

            // Who held it before may have removed the folder since.
            if (!File.Exists(path))
            {
                held.Dispose();
                Directory.CreateDirectory(folder);
                continue;
            }

            // Where the system does not lock, on some network disks, the name alone has to do.
            if (OwnerOf(folder) is { IsRunning: true } owner && owner != ProcessIdentity.Current)
            {
                held.Dispose();
                throw InUse(folder, owner);
            }

            AtomicFile.WriteText(
                Path.Combine(folder, OwnerName), JsonSerializer.Serialize(ProcessIdentity.Current) + "\n");
            return held;
        }
    }

    private static FileStream Open(string folder, string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(path))
        {
            throw InUse(folder, OwnerOf(folder));
        }
    }

    private static IOException InUse(string folder, ProcessIdentity? owner) => new(
        $"{folder} is in use by {owner?.ToString() ?? "another process"}; wait until it has ended, or give another "
        + "--out");

    private static ProcessIdentity? OwnerOf(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize<ProcessIdentity>(File.ReadAllText(Path.Combine(folder, OwnerName)));
        }
        catch (Exception fault) when (fault is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
