using System.Globalization;

namespace Hypercompress.Models.Files;

/// <summary>
/// Names of files that are written beside their targets. A name is taken by creating the file, which fails where it
/// exists, so that no other process publishes it: process ids are used again, and differ between containers only.
/// </summary>
internal static class StagedName
{
    private const int MaxTries = 10_000;

    // EEXIST, and ERROR_FILE_EXISTS of Windows.
    private static readonly int[] IsTaken = [17, unchecked((int)0x80070050)];

    /// <summary>A name that may be free.</summary>
    /// <param name="target">The target.</param>
    /// <param name="number">A number that tells the names of one target apart.</param>
    /// <param name="ending">The last part of the name, with its dot.</param>
    /// <returns>A path in the same folder.</returns>
    public static string Of(string target, int number, string ending = "") => string.Create(
        CultureInfo.InvariantCulture, $"{target}.{Environment.ProcessId}-{number}.partial{ending}");

    /// <summary>Creates a file under a free name.</summary>
    /// <param name="target">The target.</param>
    /// <param name="ending">The last part of the name, with its dot.</param>
    /// <param name="bufferBytes">Bytes of the stream's buffer.</param>
    /// <returns>The empty file.</returns>
    /// <exception cref="IOException">It cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static FileStream Create(string target, string ending, int bufferBytes)
    {
        for (int number = 0; ; number++)
        {
            string name = Of(target, number, ending);
            try
            {
                return new FileStream(name, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferBytes);
            }
            catch (IOException failure) when (IsTaken.Contains(failure.HResult) && number < MaxTries)
            {
                // Another writer has it, or left it when it was killed.
            }
        }
    }
}
