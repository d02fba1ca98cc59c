using System.Collections.Frozen;
using System.Collections.Immutable;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Artifacts;

/// <summary>Compares the files in an artifact's folder with its manifest.</summary>
internal static class ArtifactFiles
{
    private const int MostListed = 20;

    private static readonly FrozenSet<string> Essential = FrozenSet.ToFrozenSet(
        [
            ArtifactLayout.Config, ArtifactLayout.Plan, ArtifactLayout.Recipe, ArtifactLayout.TorchCheckpoint,
            PythonLoader.FileName,
            "generation_config.json", CheckpointFolder.TorchFile, CheckpointFolder.TorchIndexFile,
            .. TokenizerFileSet.Names,
        ],
        StringComparer.Ordinal);

    /// <summary>
    /// Whether the model depends on a file: weights, configuration, tokenizer and plan. Others, such as the model card,
    /// may be edited and added.
    /// </summary>
    /// <param name="name">Name inside the folder.</param>
    /// <returns>True for a file that must be as it was written, and must not be added.</returns>
    public static bool IsEssential(string name) => Essential.Contains(name)
        || name.EndsWith(".safetensors", StringComparison.Ordinal)
        || name.EndsWith(".safetensors.index.json", StringComparison.Ordinal);

    /// <summary>Compares every file of the manifest with the folder.</summary>
    /// <param name="folder">The artifact's folder.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <returns>One check for each file, and one for all files that are not in the manifest.</returns>
    public static IEnumerable<VerificationCheck> Check(string folder, ArtifactManifest manifest) =>
        manifest.Files.Select(file => Check(folder, file)).Append(CheckOthers(folder, manifest));

    private static VerificationCheck Check(string folder, FileEntry written)
    {
        string path = Path.Combine(folder, Path.GetFileName(written.Name));
        FileEntry? found = File.Exists(path) ? FileEntry.Of(path) : null;
        if (found == written)
        {
            return new VerificationCheck(written.Name, true, $"{found.Bytes} bytes, sha256 as recorded");
        }

        string change = found is null ? "is missing"
            : found.Bytes != written.Bytes ? $"has {found.Bytes} bytes, {written.Bytes} were written"
            : "its sha256 differs from the recorded one: the content was changed";
        return IsEssential(written.Name) || written.Name != Path.GetFileName(written.Name)
            ? new VerificationCheck(written.Name, false, change)
            : new VerificationCheck(written.Name, true, $"changed: {change}; the model does not depend on this file");
    }

    private static VerificationCheck CheckOthers(string folder, ArtifactManifest manifest)
    {
        HashSet<string> known = new(manifest.Files.Select(file => file.Name), StringComparer.Ordinal)
        {
            ArtifactManifest.FileName,
        };
        string[] others =
            [.. Names(folder, string.Empty).Where(name => !known.Contains(name)).Order(StringComparer.Ordinal)];
        string listed = string.Join(", ", others.Take(MostListed))
            + (others.Length > MostListed ? $" and {others.Length - MostListed} more" : string.Empty);
        // Nothing is read from folders inside an artifact.
        string[] read = [.. others.Where(name => !name.Contains('/', StringComparison.Ordinal) && IsEssential(name))];
        return new VerificationCheck(
            "other files",
            read.Length == 0,
            read.Length > 0 ? $"a model is read from {string.Join(", ", read)}, which the manifest does not list"
            : others.Length > 0 ? $"added: {listed}"
            : "none");
    }

    // A folder that is a link is listed and not entered.
    private static IEnumerable<string> Names(string folder, string prefix)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            yield return prefix + Path.GetFileName(file);
        }

        foreach (string child in Directory.EnumerateDirectories(folder))
        {
            string name = $"{prefix}{Path.GetFileName(child)}/";
            IEnumerable<string> names = new DirectoryInfo(child).LinkTarget is null ? Names(child, name) : [name];
            foreach (string nested in names)
            {
                yield return nested;
            }
        }
    }
}
