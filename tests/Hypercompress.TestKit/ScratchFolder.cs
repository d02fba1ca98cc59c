namespace Hypercompress.TestKit;

/// <summary>A folder for the files of a test or a class of tests; removed afterwards.</summary>
public sealed class ScratchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("hypercompress-").FullName;

    public string Of(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string content)
    {
        File.WriteAllText(Of(name), content);
        return Of(name);
    }

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(Of(name), content);
        return Of(name);
    }

    /// <summary>Copies a folder of files, without folders in it.</summary>
    public string Copy(string source, string name)
    {
        string target = Directory.CreateDirectory(Of(name)).FullName;
        foreach (string file in Directory.GetFiles(source))
        {
            File.Copy(file, System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)));
        }

        return target;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
