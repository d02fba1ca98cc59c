using Hypercompress.Models.Errors;

namespace Hypercompress.Cli;

/// <summary>Reads files that a user named, with errors that name them.</summary>
internal static class InputFile
{
    /// <summary>Reads a whole text.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its text.</returns>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static string ReadText(string path) => Read(path, File.ReadAllText);

    /// <summary>Reads a text by lines.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its lines.</returns>
    /// <exception cref="CheckpointException">It cannot be read.</exception>
    public static string[] ReadLines(string path) => Read(path, File.ReadAllLines);

    private static T Read<T>(string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(path, ReadFault.Describe(path, e), e);
        }
    }
}
