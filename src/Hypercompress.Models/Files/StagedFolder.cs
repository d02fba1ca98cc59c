using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Files;

/// <summary>A folder that is filled under another name and appears, whole, when it is published.</summary>
public sealed class StagedFolder : IDisposable
{
    private readonly string _target;
    private readonly string? _replaceable;
    private bool _published;

    /// <summary>Starts filling a folder.</summary>
    /// <param name="target">Where it will appear.</param>
    /// <param name="replaceable">Name of a file: a folder that contains it may be replaced; null to replace nothing.</param>
    /// <exception cref="ConfigurationException">Something is there and may not be replaced.</exception>
    public StagedFolder(string target, string? replaceable = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        _target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        _replaceable = replaceable;
        CheckFree(_target, replaceable);
        Path = $"{_target}.{Environment.ProcessId}.partial";
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where files are written until then.</summary>
    public string Path { get; }

    /// <summary>Says early, before any work, whether a target can be published.</summary>
    /// <param name="target">Where a folder shall appear.</param>
    /// <param name="replaceable">Name of a file: a folder that contains it may be replaced; null to replace nothing.</param>
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
                    : $"{target} is not empty and contains no {replaceable}, so it is not replaced; give another folder");
        }
    }

    /// <summary>Lets the folder appear.</summary>
    public void Publish()
    {
        CheckFree(_target, _replaceable);
        if (Directory.Exists(_target))
        {
            Directory.Delete(_target, recursive: true);
        }

        Directory.Move(Path, _target);
        _published = true;
    }

    /// <summary>Removes what was written unless it was published.</summary>
    public void Dispose()
    {
        if (!_published && Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
