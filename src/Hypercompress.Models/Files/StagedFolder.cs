using Hypercompress.Models.Errors;
using Microsoft.Win32.SafeHandles;

namespace Hypercompress.Models.Files;

/// <summary>A folder that is filled under another name and appears, whole, when it is published.</summary>
public sealed class StagedFolder : IDisposable
{
    private const string LockEnding = ".lock";
    private const string OldEnding = ".old";

    private readonly string _target;
    private readonly string? _replaceable;
    private bool _published;

    /// <summary>Starts filling a folder.</summary>
    /// <param name="target">Where it will appear.</param>
    /// <param name="replaceable">
    /// Name of a file: a folder that contains it may be replaced; null to replace nothing.
    /// </param>
    /// <exception cref="ConfigurationException">Something is there and may not be replaced.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made.</exception>
    public StagedFolder(string target, string? replaceable = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        _target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        _replaceable = replaceable;
        CheckFree(_target, replaceable);
        Path = Create(_target);
    }

    /// <summary>Starts filling a folder at a place that the caller alone writes to.</summary>
    /// <param name="target">Where it will appear.</param>
    /// <param name="place">
    /// Where it is filled, on the same disk; what an earlier writer left there is removed.
    /// </param>
    /// <param name="replaceable">
    /// Name of a file: a folder that contains it may be replaced; null to replace nothing.
    /// </param>
    /// <exception cref="ConfigurationException">Something is at the target and may not be replaced.</exception>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be made.</exception>
    public StagedFolder(string target, string place, string? replaceable)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        ArgumentException.ThrowIfNullOrEmpty(place);
        _target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        _replaceable = replaceable;
        CheckFree(_target, replaceable);
        if (Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
        }

        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_target)!);
        Path = Directory.CreateDirectory(place).FullName;
    }

    /// <summary>Where files are written until then.</summary>
    public string Path { get; }

    /// <summary>
    /// Puts back the folder that was to be replaced, where the process ended between the two steps of replacing it.
    /// </summary>
    /// <param name="target">The folder that is missing.</param>
    /// <param name="place">Where its successor was filled.</param>
    /// <exception cref="IOException">It cannot be renamed.</exception>
    public static void Recover(string target, string place)
    {
        string old = place + OldEnding;
        if (!Directory.Exists(old))
        {
            return;
        }

        if (System.IO.Path.Exists(target))
        {
            Directory.Delete(old, recursive: true);
        }
        else
        {
            Directory.Move(old, target);
        }
    }

    /// <summary>Finds out early, before any work, whether a target can be published.</summary>
    /// <param name="target">Where a folder shall appear.</param>
    /// <param name="replaceable">
    /// Name of a file: a folder that contains it may be replaced; null to replace nothing.
    /// </param>
    /// <exception cref="ConfigurationException">Something is there and may not be replaced.</exception>
    public static void CheckFree(string target, string? replaceable = null)
    {
        if (File.Exists(target))
        {
            throw new ConfigurationException($"{target} is a file; give a folder that does not exist yet");
        }

        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()
            && !(replaceable is not null && File.Exists(System.IO.Path.Combine(target, replaceable))))
        {
            throw new ConfigurationException(
                replaceable is null
                    ? $"{target} is not empty; give another folder"
                    : $"{target} is not empty and has no {replaceable}, so it is not replaced; give another folder");
        }
    }

    /// <summary>Lets the folder appear. One that it replaces is removed only after that.</summary>
    /// <exception cref="ConfigurationException">Something is there and may not be replaced.</exception>
    /// <exception cref="IOException">It cannot be renamed; an old folder is as it was.</exception>
    public void Publish()
    {
        CheckFree(_target, _replaceable);
        FlushToDisk(Path);
        string old = Path + OldEnding;
        bool replaces = Directory.Exists(_target);
        if (replaces)
        {
            Directory.Move(_target, old);
        }

        try
        {
            Directory.Move(Path, _target);
        }
        catch when (replaces)
        {
            Directory.Move(old, _target);
            throw;
        }

        _published = true;
        if (replaces)
        {
            Directory.Delete(old, recursive: true);
        }
    }

    /// <summary>Removes what was written unless it was published.</summary>
    public void Dispose()
    {
        if (!_published && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }

        File.Delete(Path + LockEnding);
    }

    // A name must not reach the disk before the content that it stands for.
    private static void FlushToDisk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            using SafeFileHandle handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
            RandomAccess.FlushToDisk(handle);
        }
    }

    /// <summary>Makes a folder that no one else fills: whoever creates the lock beside it has it.</summary>
    private static string Create(string target)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(target)!);
        string path;
        do
        {
            using FileStream taken = StagedName.Create(target, LockEnding, bufferBytes: 0);
            path = taken.Name[..^LockEnding.Length];
        }
        while (System.IO.Path.Exists(path));

        return Directory.CreateDirectory(path).FullName;
    }
}
