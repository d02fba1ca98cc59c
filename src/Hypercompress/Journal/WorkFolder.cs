using Hypercompress.Models.Files;

namespace Hypercompress.Journal;

/// <summary>The folder beside a result that keeps the work of its run until it is done.</summary>
public static class WorkFolder
{
    private const string Ending = ".work";

    /// <summary>Name of the file with the inputs of the run.</summary>
    internal const string InputsName = "run.json";

    /// <summary>The work folder of a result.</summary>
    /// <param name="output">Where the result will be.</param>
    /// <returns>A path beside it.</returns>
    public static string Of(string output)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        return Path.TrimEndingDirectorySeparator(output) + Ending;
    }

    /// <summary>Whether a folder keeps the work of a run that can go on.</summary>
    /// <param name="folder">Any path.</param>
    /// <returns>False for what this program has not made, and for what is left of a run that is over.</returns>
    public static bool IsWork(string folder) => File.Exists(Path.Combine(folder, InputsName));

    /// <summary>Whether a process works in a folder now.</summary>
    /// <param name="folder">Any path.</param>
    /// <returns>False for a run that has ended or was killed.</returns>
    public static bool IsInUse(string folder) => FolderLock.IsHeld(folder);

    /// <summary>Finds the work of runs that were stopped or killed.</summary>
    /// <param name="folder">The folder in which their results would be.</param>
    /// <returns>Full paths of work folders that no process holds, in ordinal order.</returns>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IEnumerable<string> Find(string folder) => Directory.EnumerateDirectories(folder, "*" + Ending)
        .Where(found => IsOwn(found) && !IsInUse(found))
        .Order(StringComparer.Ordinal);

    /// <summary>Removes a work folder.</summary>
    /// <param name="folder">The folder; nothing happens where it does not exist.</param>
    /// <exception cref="IOException">It cannot be removed.</exception>
    public static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Clear(folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether this program may use a path as a work folder: it is free, empty or was one before.</summary>
    internal static bool IsUsable(string folder) => !Path.Exists(folder) || IsOwn(folder)
        || (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any());

    private static bool IsOwn(string folder) => IsWork(folder) || FolderLock.WasTaken(folder);

    /// <summary>Removes everything but the lock. The inputs go first: what is left is no run then.</summary>
    internal static void Clear(string folder)
    {
        File.Delete(Path.Combine(folder, InputsName));
        foreach (string path in Directory.EnumerateFileSystemEntries(folder)
            .Where(path => !FolderLock.IsPart(Path.GetFileName(path))).ToArray())
        {
            if (Directory.Exists(path))
            {
                Directory.Delete(path, recursive: true);
            }
            else
            {
                File.Delete(path);
            }
        }
    }
}
