using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Files;

/// <summary>A file that is written under another name and appears, whole, when it is published.</summary>
public sealed class StagedFile : IDisposable
{
    private readonly string _target;

    /// <summary>Starts writing a file.</summary>
    /// <param name="target">Where it will appear.</param>
    /// <exception cref="ConfigurationException">Something is there.</exception>
    public StagedFile(string target)
    {
        _target = System.IO.Path.GetFullPath(target);
        CheckFree();
        string folder = System.IO.Path.GetDirectoryName(_target)!;
        Directory.CreateDirectory(folder);
        string name = System.IO.Path.GetFileNameWithoutExtension(_target);
        Path = System.IO.Path.Combine(
            folder, $"{name}.{Environment.ProcessId}.partial{System.IO.Path.GetExtension(_target)}");
    }

    /// <summary>Where it is written until then; keeps the ending.</summary>
    public string Path { get; }

    /// <summary>Lets the file appear.</summary>
    public void Publish()
    {
        CheckFree();
        File.Move(Path, _target);
    }

    /// <summary>Removes what was written unless it was published.</summary>
    public void Dispose() => File.Delete(Path);

    private void CheckFree()
    {
        if (System.IO.Path.Exists(_target))
        {
            throw new ConfigurationException($"{_target} exists; give a file that does not exist yet");
        }
    }
}
