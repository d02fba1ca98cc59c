namespace Hypercompress.Models.Files;

/// <summary>Finds out, before any work, whether its result can be written to a folder.</summary>
public static class WritableFolder
{
    private const string Probe = ".hypercompress.probe";

    /// <summary>Makes an empty file in a folder and deletes it again.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <returns>Why no file can be made there; null where one can.</returns>
    public static Exception? Fault(string folder) => FaultOf(() => MakeFile(folder));

    /// <summary>As <see cref="Fault"/>, for a folder that is made where it is missing, and stays.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Why it or a file in it cannot be made; null where both can.</returns>
    public static Exception? FaultOfMade(string folder) => FaultOf(() =>
    {
        Directory.CreateDirectory(folder);
        MakeFile(folder);
    });

    private static Exception? FaultOf(Action make)
    {
        try
        {
            make();
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return fault;
        }
    }

    private static void MakeFile(string folder)
    {
        using FileStream probe = StagedName.Create(Path.Combine(folder, Probe), string.Empty, bufferBytes: 1);
        probe.Dispose();
        File.Delete(probe.Name);
    }
}
