using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Cli.Output;

/// <summary>Finds out before the work whether its result can be written.</summary>
internal static class OutputTarget
{
    /// <summary>
    /// Checks that a file or folder can be made, in a folder that may be missing; leaves nothing behind.
    /// </summary>
    /// <param name="option">The option that names it, such as <c>--out</c>.</param>
    /// <param name="path">Its path, or null for none.</param>
    /// <exception cref="ConfigurationException">It cannot be made.</exception>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static void Check(string option, string? path)
    {
        if (path is null)
        {
            return;
        }

        string folder = Directory.Exists(path) ? path : NearestFolder(option, path);
        if (WritableFolder.Fault(folder) is { } fault)
        {
            throw new IOException(
                $"{option} {path}: the folder {folder} cannot be written to; give a path in another folder", fault);
        }
    }

    /// <summary>Checks that a file can be made; a folder is not a file.</summary>
    /// <param name="option">The option that names it, such as <c>--save</c>.</param>
    /// <param name="path">Its path, or null for none.</param>
    /// <exception cref="ConfigurationException">It cannot be made.</exception>
    public static void CheckFile(string option, string? path)
    {
        if (Directory.Exists(path))
        {
            throw new ConfigurationException($"{option} {path}: is a folder; give the path of a file");
        }

        Check(option, path);
    }

    private static string NearestFolder(string option, string path)
    {
        string? folder = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)));
        while (folder is not null && !Directory.Exists(folder))
        {
            if (File.Exists(folder))
            {
                throw new ConfigurationException(
                    $"{option} {path}: {folder} is a file and not a folder; give another path");
            }

            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new ConfigurationException($"{option} {path}: is not a path; give another one");
    }
}
