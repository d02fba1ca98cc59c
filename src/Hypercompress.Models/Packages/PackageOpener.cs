using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Hub;
using Hypercompress.Models.Packages.Adapters;
using Hypercompress.Models.Packages.Gguf;
using Hypercompress.Models.Packages.Inventory;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Packages;

/// <summary>Finds out which kind of model a path is, and opens it.</summary>
internal static class PackageOpener
{
    private const string ConfigFile = "config.json";
    private const long LargestConfig = 1 << 20;

    /// <summary>The files beside the weights that a copy of the model needs, where they are there.</summary>
    private static readonly string[] SideFileNames = [.. TokenizerFileSet.Names, "generation_config.json"];

    /// <inheritdoc cref="ModelPackage.Open"/>
    public static ModelPackage Open(string path, string? basePath)
    {
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        return Directory.Exists(full) && FolderAdapter.IsAdapter(full)
            ? OpenAdapter(full, FolderAdapter.Open(full), basePath)
            : OpenModel(full, basePath);
    }

    private static ModelPackage OpenModel(string full, string? basePath)
    {
        if (File.Exists(full))
        {
            return Path.GetExtension(full).Equals(".gguf", StringComparison.OrdinalIgnoreCase)
                ? OpenGguf(full, basePath)
                : throw new CheckpointException(
                    full, "is neither a .gguf file nor a folder; for other checkpoints give the folder they are in");
        }

        if (!Directory.Exists(full))
        {
            throw new CheckpointException(
                full, "does not exist; give a folder, a .gguf file, or the id of a model on the Hub (owner/name)");
        }

        if (File.Exists(Path.Combine(full, ConfigFile)))
        {
            RequireNoBase(full, basePath);
            return OpenFolder(full);
        }

        string[] candidates = GgufParts.ModelsIn(full);
        return candidates.Length == 1
            ? OpenGguf(candidates[0], basePath)
            : throw new CheckpointException(
                full,
                $"is not a model: looked for {ConfigFile} or one .gguf file, found {candidates.Length} of these");
    }

    private static ModelPackage OpenFolder(string folder)
    {
        string configFile = Path.Combine(folder, ConfigFile);
        JsonObject config = JsonFile.ReadObject(configFile, LargestConfig);
        FolderCheckpoint checkpoint = FolderCheckpoint.Open(folder, config, configFile);
        string format = CheckpointFolder.HasSafetensors(folder) ? "safetensors" : "torch";
        return new ModelPackage(
            new PackageLocation(folder, configFile), format, config, checkpoint, () => ReadSideFiles(folder));
    }

    /// <summary>The base of an adapter with the adapter merged into it; both are owned by the result.</summary>
    private static ModelPackage OpenAdapter(string path, IAdapter adapter, string? basePath)
    {
        ModelPackage? model = null;
        try
        {
            string origin = adapter.BaseName is { } name ? $" for {name}" : "";
            model = ModelPackage.Open(basePath ?? throw new CheckpointException(
                path, $"is a LoRA adapter{origin} and not a model; give the model that it changes too: --base MODEL"));
            ITensorSource merged = adapter.MergeInto(model.ReadDecoderConfig(), model.Tensors);
            IReadOnlyList<string> notes = [.. model.OpeningNotes, $"the adapter is merged into {model.Label}"];
            IReadOnlyDictionary<string, byte[]> own = File.Exists(path) ? model.SideFiles : ReadSideFiles(path);
            return new ModelPackage(
                new PackageLocation(path, model.ConfigLocation),
                model.Format,
                model.Config,
                new FolderCheckpoint(merged, notes),
                () => model.SideFiles.Concat(own).GroupBy(file => file.Key).ToFrozenDictionary(
                    group => group.Key, group => group.Last().Value));
        }
        catch
        {
            model?.Dispose();
            adapter.Dispose();
            throw;
        }
    }

    private static void RequireNoBase(string path, string? basePath)
    {
        if (basePath is not null)
        {
            throw new ConfigurationException($"--base is for adapters, and {path} is a whole model; leave it out");
        }
    }

    private static ModelPackage OpenGguf(string path, string? basePath)
    {
        GgufFile file = GgufFile.Open(path);
        try
        {
            if (GgufAdapter.IsAdapter(file))
            {
                return OpenAdapter(path, GgufAdapter.Open(file, path), basePath);
            }

            RequireNoBase(path, basePath);
            ArchitectureFamily family = GgufConfig.Family(file, path);
            JsonObject config = GgufConfig.Read(file, path, family);
            var tensors = new GgufTensors(file, path, DecoderConfigReader.Parse(config, path));
            return new ModelPackage(
                new PackageLocation(path, path), "gguf", config, new FolderCheckpoint(tensors, []),
                () => GgufSideFiles.Read(file.Metadata, path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FrozenDictionary<string, byte[]> ReadSideFiles(string folder) => SideFileNames
        .Select(name => Path.Combine(folder, name))
        .Where(File.Exists)
        .ToFrozenDictionary(path => Path.GetFileName(path), ReadSideFile);

    // Side files are copied into exports as they are: a link must not bring some other file of this machine along.
    private static byte[] ReadSideFile(string path)
    {
        string? target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
        return target is null || Path.GetFileName(target) == Path.GetFileName(path) || HubCache.HoldsBlob(path, target)
            ? JsonFile.ReadBytes(path)
            : throw new CheckpointException(
                path, $"is a link to a file of another name ({target}); put a copy of the file in its place");
    }
}
