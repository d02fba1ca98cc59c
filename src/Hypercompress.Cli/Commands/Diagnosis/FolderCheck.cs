using System.Text.Json.Nodes;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Commands.Diagnosis;

/// <summary>A folder that runs write to.</summary>
/// <param name="Use">What is written there.</param>
/// <param name="Path">The folder; it may still have to be made.</param>
/// <param name="IsWritable">Whether files can be made there.</param>
/// <param name="FreeBytes">Free bytes of its disk; null where they are not known.</param>
internal sealed record FolderCheck(string Use, string Path, bool IsWritable, long? FreeBytes)
{
    /// <summary>Looks at a folder; leaves nothing behind.</summary>
    /// <param name="use">What is written there.</param>
    /// <param name="path">The folder.</param>
    /// <returns>What was found.</returns>
    public static FolderCheck Of(string use, string path)
    {
        try
        {
            OutputTarget.Check(use, path);
            return new FolderCheck(use, path, true, Free(path));
        }
        catch (Exception fault) when (fault is ConfigurationException or IOException)
        {
            return new FolderCheck(use, path, false, null);
        }
    }

    /// <summary>The folder as JSON.</summary>
    /// <returns>The object.</returns>
    public JsonNode ToJson() => new JsonObject
    {
        ["use"] = Use,
        ["path"] = Path,
        ["writable"] = IsWritable,
        ["free_bytes"] = FreeBytes,
    };

    private static long? Free(string path)
    {
        try
        {
            string? folder = System.IO.Path.GetFullPath(path);
            while (folder is not null && !Directory.Exists(folder))
            {
                folder = System.IO.Path.GetDirectoryName(folder);
            }

            return folder is null ? null : new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
