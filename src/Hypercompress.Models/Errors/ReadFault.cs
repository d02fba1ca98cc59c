namespace Hypercompress.Models.Errors;

/// <summary>Says in one way why a file that somebody named cannot be read.</summary>
public static class ReadFault
{
    /// <summary>Describes a fault.</summary>
    /// <param name="path">The file.</param>
    /// <param name="fault">What the system said.</param>
    /// <returns>What comes after the name of the file, such as <c>is a folder; name a file</c>.</returns>
    public static string Describe(string path, Exception fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return Directory.Exists(path) ? "is a folder; name a file"
            : fault is FileNotFoundException or DirectoryNotFoundException ? "does not exist; check the path"
            : fault is UnauthorizedAccessException ? "may not be read by this user; change its permissions"
            : $"cannot be read: {WithoutPath(path, fault.Message)}";
    }

    // The name of the file is said already.
    private static string WithoutPath(string path, string message)
    {
        foreach (string name in new[] { path, Path.GetFullPath(path) })
        {
            message = message.Replace($" : '{name}'", string.Empty, StringComparison.Ordinal);
        }

        return message;
    }
}
