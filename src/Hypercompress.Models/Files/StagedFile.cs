using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Files;

/// <summary>A file that is written under another name and appears, whole, when it is published.</summary>
public sealed class StagedFile : IDisposable
{
    private readonly string _target;
    private readonly bool _replaces;
    private bool _published;

    /// <summary>Takes a name to write to.</summary>
    /// <param name="target">Where it will appear.</param>
    /// <param name="replaces">Whether a file that is there is replaced.</param>
    /// <exception cref="ConfigurationException">Something is there that is not replaced.</exception>
    /// <exception cref="IOException">The folder cannot be made or written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public StagedFile(string target, bool replaces = false)
    {
        _target = System.IO.Path.GetFullPath(target);
        _replaces = replaces;
        CheckFree();
        string folder = System.IO.Path.GetDirectoryName(_target)!;
        Directory.CreateDirectory(folder);
        string name = System.IO.Path.GetFileNameWithoutExtension(_target);
        using FileStream empty = StagedName.Create(
            System.IO.Path.Combine(folder, name), System.IO.Path.GetExtension(_target), bufferBytes: 0);
        Path = empty.Name;
    }

    /// <summary>Where it is written until then: an empty file with the same ending.</summary>
    public string Path { get; }

    /// <summary>Lets the file appear.</summary>
    /// <exception cref="ConfigurationException">Something else has appeared there.</exception>
    public void Publish()
    {
        CheckFree();
        File.Move(Path, _target, _replaces);
        _published = true;
    }

    /// <summary>Removes what was written unless it was published.</summary>
    public void Dispose()
    {
        // The name is free again after publishing, and may be another writer's.
        if (!_published)
        {
            File.Delete(Path);
        }
    }

    private void CheckFree()
    {
        if (Directory.Exists(_target) || (File.Exists(_target) && !_replaces))
        {
            throw new ConfigurationException($"{_target} exists; give a file that does not exist yet");
        }
    }
}
