using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Families;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Hub;
using Hypercompress.Models.Packages.Adapters;
using Hypercompress.Models.Packages.Gguf;
using Hypercompress.Models.Packages.Inventory;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Packages;

/// <summary>A language model as files: configuration, tensors, tokenizer. Opening one reads headers only.</summary>
public sealed class ModelPackage : IDisposable
{
    private const string ConfigFile = "config.json";
    private const long LargestConfig = 1 << 20;

    /// <summary>The files beside the weights that a copy of the model needs, where they are there.</summary>
    private static readonly string[] SideFileNames = [.. TokenizerFileSet.Names, "generation_config.json"];

    private readonly Lazy<IReadOnlyDictionary<string, byte[]>> _sideFiles;

    private readonly Lazy<TensorInventory?> _inventory;
    private readonly IReadOnlyList<string> _openingNotes;

    private ModelPackage(
        (string Model, string Config) location,
        string format,
        JsonObject config,
        FolderCheckpoint checkpoint,
        Func<IReadOnlyDictionary<string, byte[]>> sideFiles)
    {
        (Location, ConfigLocation) = location;
        (Format, Config, Tensors) = (format, config, checkpoint.Tensors);
        _openingNotes = checkpoint.Notes;
        _sideFiles = new(sideFiles);
        _inventory = new(TakeInventory);
    }

    /// <summary>Full path of the folder or file.</summary>
    public string Location { get; }

    /// <summary>
    /// A name for people: that of the folder, of the file without its extension, or of the model in the Hub's cache.
    /// </summary>
    public string Label => Directory.Exists(Location)
        ? HubCache.ModelName(Location) ?? new DirectoryInfo(Location).Name
        : Path.GetFileNameWithoutExtension(Location);

    /// <summary><c>safetensors</c>, <c>torch</c> (a <c>pytorch_model.bin</c>) or <c>gguf</c>.</summary>
    public string Format { get; }

    /// <summary>
    /// The Hugging Face configuration; made from the metadata for GGUF. It says the same as <see cref="Tensors"/>: what
    /// it states of a quantization that was undone, or of a tied head that is another matrix, is changed.
    /// </summary>
    public JsonObject Config { get; }

    /// <summary>Path of the file that the configuration came from; errors about it name it.</summary>
    public string ConfigLocation { get; }

    /// <summary>
    /// The tensors under their Hugging Face names, without the names of wrappers; weights that another tool has
    /// quantized are dequantized when they are read, and have the bytes of all tensors that they are stored as.
    /// </summary>
    public ITensorSource Tensors { get; }

    /// <summary>
    /// Tokenizer files and the like by name, to be copied beside whatever is made of the model; read when first asked
    /// for.
    /// </summary>
    /// <exception cref="CheckpointException">
    /// A file cannot be read, or the tokenizer in a GGUF file is of a kind that is not supported.
    /// </exception>
    public IReadOnlyDictionary<string, byte[]> SideFiles => _sideFiles.Value;

    /// <summary>
    /// Bytes of the weights' data as published: of the tensors that the decoder reads, scales of quantized weights
    /// included. Buffers, tensors that nothing reads and a second copy of a tied matrix do not count. A GGUF file
    /// stands for a model of 16 bits a parameter.
    /// </summary>
    public long PublishedBytes => Format == "gguf"
        ? 2 * ParameterCount
        : Weights.Sum(tensor => tensor.ByteLength);

    /// <summary>
    /// The type that most weights are published in: <c>F32</c>, <c>F16</c> or <c>BF16</c>; <c>F16</c> for GGUF.
    /// </summary>
    public string StoredType => Format == "gguf" ? "F16" : Weights
        .Where(tensor => tensor.DataType is "F32" or "F16" or "BF16")
        .GroupBy(tensor => tensor.DataType)
        .MaxBy(group => group.Sum(tensor => tensor.ElementCount))?.Key ?? "F32";

    /// <summary>Number of weights; a tied matrix that is stored twice counts once.</summary>
    public long ParameterCount => Weights.Sum(tensor => tensor.ElementCount);

    /// <summary>
    /// What people should know of the files: tensors that nothing reads, names of wrappers that were left out, weights
    /// that were dequantized, a head that contradicts the configuration.
    /// </summary>
    public IReadOnlyList<string> Notes => [.. _openingNotes, .. _inventory.Value?.Notes() ?? []];

    /// <summary>Whether this is an artifact of this program, whose weights are stored in forms of their own.</summary>
    internal bool IsArtifact => Config.ContainsKey(FolderCheckpoint.ArtifactSection);

    /// <summary>Opens a model.</summary>
    /// <param name="path">
    /// A folder with <c>config.json</c> and weights, a <c>.gguf</c> file, a folder with exactly one <c>.gguf</c>, or a
    /// LoRA adapter as a folder or a <c>.gguf</c> file.
    /// </param>
    /// <param name="basePath">The model that an adapter is merged into; null when a model is opened.</param>
    /// <returns>The package; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">
    /// Nothing of the kind is there, it cannot be read, or an adapter has no base.
    /// </exception>
    /// <exception cref="ConfigurationException">A base is given, but no adapter.</exception>
    public static ModelPackage Open(string path, string? basePath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
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
            throw new CheckpointException(full, "does not exist");
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

    /// <summary>Sizes and choices of the decoder.</summary>
    /// <returns>The parsed <see cref="Config"/>.</returns>
    /// <exception cref="CheckpointException">
    /// The configuration is incomplete or not supported, or leaves out tensors that are stored: biases, norms, layers.
    /// </exception>
    public DecoderConfig ReadDecoderConfig()
    {
        DecoderConfig config = DecoderConfigReader.Parse(Config, ConfigLocation);
        _inventory.Value?.RequireComplete();
        return config;
    }

    /// <summary>Builds the tokenizer, without reading any weight.</summary>
    /// <returns>The tokenizer, or null when the package has none.</returns>
    /// <exception cref="CheckpointException">A tokenizer file is malformed or not supported.</exception>
    public ITokenizer? ReadTokenizer() => TokenizerFileSet.Create(SideFiles, Location);

    /// <summary>Closes the files.</summary>
    public void Dispose() => Tensors.Dispose();

    private static ModelPackage OpenFolder(string folder)
    {
        string configFile = Path.Combine(folder, ConfigFile);
        JsonObject config = JsonFile.ReadObject(configFile, LargestConfig);
        FolderCheckpoint checkpoint = FolderCheckpoint.Open(folder, config, configFile);
        string format = CheckpointFolder.HasSafetensors(folder) ? "safetensors" : "torch";
        return new ModelPackage((folder, configFile), format, config, checkpoint, () => ReadSideFiles(folder));
    }

    /// <summary>The base of an adapter with the adapter merged into it; both are owned by the result.</summary>
    private static ModelPackage OpenAdapter(string path, IAdapter adapter, string? basePath)
    {
        ModelPackage? model = null;
        try
        {
            string origin = adapter.BaseName is { } name ? $" for {name}" : "";
            model = Open(basePath ?? throw new CheckpointException(
                path, $"is a LoRA adapter{origin} and not a model; give the model that it changes too: --base MODEL"));
            ITensorSource merged = adapter.MergeInto(model.ReadDecoderConfig(), model.Tensors);
            IReadOnlyList<string> notes = [.. model._openingNotes, $"the adapter is merged into {model.Label}"];
            IReadOnlyDictionary<string, byte[]> own = File.Exists(path) ? model.SideFiles : ReadSideFiles(path);
            return new ModelPackage(
                (path, model.ConfigLocation),
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
                (path, path), "gguf", config, new FolderCheckpoint(tensors, []),
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

    /// <summary>The weights by the configuration; by their names where that is not supported.</summary>
    private IEnumerable<TensorInfo> Weights => _inventory.Value?.Read.AsEnumerable()
        ?? Tensors.Tensors.Values.Where(
            tensor => !TensorInventory.IsBuffer(tensor, FolderCheckpoint.FamilyOf(Config)));

    private TensorInventory? TakeInventory()
    {
        try
        {
            return IsArtifact
                ? null
                : new TensorInventory(DecoderConfigReader.Parse(Config, ConfigLocation), Tensors);
        }
        catch (CheckpointException)
        {
            // Whoever asks for the configuration is told what is wrong with it.
            return null;
        }
    }
}
