using System.Globalization;
using System.Text.RegularExpressions;

namespace Hypercompress.Models.Files;

/// <summary>Finds what writers left beside their targets when they were killed.</summary>
public static partial class Leftovers
{
    /// <summary>Finds files and folders whose writers have ended.</summary>
    /// <param name="folder">The folder in which the targets are.</param>
    /// <returns>Full paths, in ordinal order.</returns>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IEnumerable<string> Find(string folder) => Directory.EnumerateFileSystemEntries(folder)
        .Where(IsAbandoned)
        .Order(StringComparer.Ordinal);

    private static bool IsAbandoned(string path)
    {
        Match name = Name().Match(Path.GetFileName(path));
        return name.Success
            && int.TryParse(name.Groups["process"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            && !(ProcessIdentity.StartOf(id) is { } started && started <= WrittenAt(path));
    }

    // A process that started after the last change is another one with the same number.
    private static DateTimeOffset WrittenAt(string path) => File.GetLastWriteTimeUtc(path).AddSeconds(1);

    [GeneratedRegex(@"\.(?<process>\d{1,10})-\d+\.partial(?:\.\w+)*\z")]
    private static partial Regex Name();
}
