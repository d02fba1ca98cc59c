using Hypercompress.Models.Errors;

namespace Hypercompress.Pipeline.Runs;

/// <summary>The folder that a run of this process writes to: no other run may have it at the same time.</summary>
internal sealed class OutputClaim : IDisposable
{
    private static readonly Lock Guard = new();
    private static readonly HashSet<string> Taken = new(
        OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);

    private readonly string _folder;

    private OutputClaim(string folder) => _folder = folder;

    /// <summary>Claims a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>Gives it up when it is disposed.</returns>
    /// <exception cref="ConfigurationException">Another run of this process writes to it.</exception>
    public static OutputClaim Of(string folder)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        lock (Guard)
        {
            return Taken.Add(full)
                ? new OutputClaim(full)
                : throw new ConfigurationException(
                    $"another run of this process writes to {folder}; give each run a folder of its own");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Guard)
        {
            Taken.Remove(_folder);
        }
    }
}
