using Hypercompress.Models.Errors;

namespace Hypercompress.Artifacts;

/// <summary>A folder that is filled under another name and appears, whole, when it is published.</summary>
public sealed class StagedFolder : IDisposable
{
    private readonly string _target;
    private readonly bool _replace;
    private bool _published;

    /// <summary>Starts filling a folder.</summary>
    /// <param name="target">Where it will appear.</param>
    /// <param name="replace">Whether a folder that is there may be replaced.</param>
    /// <exception cref="ConfigurationException">Something is there and may not be replaced.</exception>
    public StagedFolder(string target, bool replace)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        _target = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(target));
        _replace = replace;
        CheckFree(_target, replace);
        Path = $"{_target}.{Environment.ProcessId}.partial";
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where files are written until then.</summary>
    public string Path { get; }

    /// <summary>Says early, before any work, whether a target can be published.</summary>
    /// <param name="target">Where a folder shall appear.</param>
    /// <param name="replace">Whether a folder that is there may be replaced.</param>
    /// <exception cref="ConfigurationException">Something is there and may not be replaced.</exception>
    public static void CheckFree(string target, bool replace)
    {
        if (File.Exists(target))
        {
            throw new ConfigurationException($"{target} is a file; give a folder that does not exist yet");
        }

        if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any()
            && !(replace && File.Exists(System.IO.Path.Combine(target, ArtifactManifest.FileName))))
        {
            throw new ConfigurationException(
                replace
                    ? $"{target} is not empty and is no artifact of this program, so it is not replaced; give another folder"
                    : $"{target} is not empty; give another folder, or --restart to replace the artifact in it");
        }
    }

    /// <summary>Lets the folder appear.</summary>
    public void Publish()
    {
        CheckFree(_target, _replace);
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
