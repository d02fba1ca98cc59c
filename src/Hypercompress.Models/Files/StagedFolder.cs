using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Files;

/// <summary>A folder that is filled under another name and appears, whole, when it is published.</summary>
public sealed class StagedFolder : IDisposable
{
    private const string LockEnding = ".lock";

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

    /// <summary>Where files are written until then.</summary>
    public string Path { get; }

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
        string old = Path + ".old";
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
