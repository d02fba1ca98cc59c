using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Artifacts;

/// <summary>The folder in which an artifact will appear.</summary>
internal static class ArtifactTarget
{
    /// <summary>Checks, before any work, that an artifact can be written.</summary>
    /// <param name="folder">Where it will appear.</param>
    /// <param name="replace">Whether an artifact that is already there may be replaced.</param>
    /// <exception cref="ConfigurationException">The folder contains something that may not be replaced.</exception>
    public static void Check(string folder, bool replace)
    {
        if (!replace && File.Exists(Path.Combine(folder, ArtifactManifest.FileName)))
        {
            throw new ConfigurationException(
                $"{folder} already contains an artifact; give another folder, or --restart to replace it");
        }

        StagedFolder.CheckFree(folder, replace ? ArtifactManifest.FileName : null);
    }

    /// <summary>Starts to write an artifact.</summary>
    /// <param name="folder">Where it will appear.</param>
    /// <param name="replace">Whether an artifact that is already there may be replaced.</param>
    /// <param name="place">Where it is filled: a folder of the run's own on the same disk.</param>
    /// <returns>The folder to fill and publish; owned by the caller.</returns>
    /// <exception cref="ConfigurationException">The folder contains something that may not be replaced.</exception>
    public static StagedFolder Stage(string folder, bool replace, string place)
    {
        Check(folder, replace);
        return new StagedFolder(folder, place, replace ? ArtifactManifest.FileName : null);
    }
}
