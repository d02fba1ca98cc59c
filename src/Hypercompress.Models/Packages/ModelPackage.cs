using System.Collections.Frozen;
using System.Text.Json.Nodes;
using System.Text.Json;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Families;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Hub;
using Hypercompress.Models.Packages.Gguf;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Packages;

/// <summary>A language model as files: configuration, tensors, tokenizer. Opening one reads headers only.</summary>
public sealed class ModelPackage : IDisposable
{
    private const string ConfigFile = "config.json";

    /// <summary>The files beside the weights that a copy of the model needs, where they are there.</summary>
    private static readonly string[] SideFileNames = [.. TokenizerFileSet.Names, "generation_config.json"];

    private readonly Lazy<IReadOnlyDictionary<string, byte[]>> _sideFiles;

    private ModelPackage(
        string location,
        string format,
        JsonObject config,
        ITensorSource tensors,
        Func<IReadOnlyDictionary<string, byte[]>> sideFiles)
    {
        (Location, Format, Config, Tensors) = (location, format, config, tensors);
        _sideFiles = new(sideFiles);
        ParameterCount = Weights.Sum(tensor => tensor.ElementCount) - TiedDuplicate();
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

    /// <summary>The Hugging Face configuration; made from the metadata for GGUF.</summary>
    public JsonObject Config { get; }

    /// <summary>Path of the file that the configuration came from; errors about it name it.</summary>
    public string ConfigLocation => Format == "gguf" ? Location : Path.Combine(Location, ConfigFile);

    /// <summary>The tensors under their Hugging Face names.</summary>
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
    /// Bytes of the weights' data as published, without buffers such as masks. A GGUF file stands for a model of 16 bits
    /// a parameter.
    /// </summary>
    public long PublishedBytes => Format == "gguf"
        ? 2 * ParameterCount
        : Weights.Sum(tensor => tensor.ByteLength);

    /// <summary>
    /// The type that most weights are published in: <c>F32</c>, <c>F16</c> or <c>BF16</c>; <c>F16</c> for GGUF.
    /// </summary>
    public string StoredType => Format == "gguf" ? "F16" : Tensors.Tensors.Values
        .Where(tensor => tensor.DataType is "F32" or "F16" or "BF16")
        .GroupBy(tensor => tensor.DataType)
        .MaxBy(group => group.Sum(tensor => tensor.ElementCount))?.Key ?? "F32";

    /// <summary>Number of weights; a tied matrix that is stored twice counts once.</summary>
    public long ParameterCount { get; }

    /// <summary>Opens a model.</summary>
    /// <param name="path">
    /// A folder with <c>config.json</c> and weights, a <c>.gguf</c> file, or a folder with exactly one <c>.gguf</c>.
    /// </param>
    /// <returns>The package; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">Nothing of the kind is there, or it cannot be read.</exception>
    public static ModelPackage Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(full))
        {
            return Path.GetExtension(full).Equals(".gguf", StringComparison.OrdinalIgnoreCase)
                ? OpenGguf(full)
                : throw new CheckpointException(
                    full, "is neither a .gguf file nor a folder; for other checkpoints give the folder they are in");
        }

        if (!Directory.Exists(full))
        {
            throw new CheckpointException(full, "does not exist");
        }

        if (File.Exists(Path.Combine(full, ConfigFile)))
        {
            return OpenFolder(full);
        }

        string[] candidates = Directory.GetFiles(full, "*.gguf");
        return candidates.Length == 1
            ? OpenGguf(candidates[0])
            : throw new CheckpointException(
                full,
                $"is no model: looked for {ConfigFile} or exactly one .gguf file, found {candidates.Length} of these");
    }

    /// <summary>Sizes and choices of the decoder.</summary>
    /// <returns>The parsed <see cref="Config"/>.</returns>
    /// <exception cref="CheckpointException">The configuration is incomplete or not supported.</exception>
    public DecoderConfig ReadDecoderConfig() => DecoderConfigReader.Parse(Config, ConfigLocation);

    /// <summary>Builds the tokenizer, without reading any weight.</summary>
    /// <returns>The tokenizer, or null when the package has none.</returns>
    /// <exception cref="CheckpointException">A tokenizer file is malformed or not supported.</exception>
    public ITokenizer? ReadTokenizer() => TokenizerFileSet.Create(SideFiles, Location);

    /// <summary>Closes the files.</summary>
    public void Dispose() => Tensors.Dispose();

    private static ModelPackage OpenFolder(string folder)
    {
        JsonObject config = JsonFile.ReadObject(Path.Combine(folder, ConfigFile));
        ITensorSource tensors = CheckpointFolder.Open(folder);
        string format = CheckpointFolder.HasSafetensors(folder) ? "safetensors" : "torch";
        return new ModelPackage(folder, format, config, tensors, () => ReadSideFiles(folder));
    }

    private static ModelPackage OpenGguf(string path)
    {
        GgufFile file = GgufFile.Open(path);
        try
        {
            ArchitectureFamily family = GgufConfig.Family(file, path);
            JsonObject config = GgufConfig.Read(file, path, family);
            var tensors = new GgufTensors(file, path, DecoderConfigReader.Parse(config, path));
            return new ModelPackage(path, "gguf", config, tensors, () => GgufSideFiles.Read(file.Metadata, path));
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
        .ToFrozenDictionary(path => Path.GetFileName(path), JsonFile.ReadBytes);

    private ArchitectureFamily? Family => (Config["model_type"] as JsonValue)?.TryGetValue(out string? type) == true
        ? ArchitectureFamilies.ByModelType(type)
        : null;

    private IEnumerable<TensorInfo> Weights => Tensors.Tensors.Values.Where(IsWeight);

    /// <summary>Buffers such as masks are stored as integers or booleans, or have names by which the family tells them.</summary>
    private bool IsWeight(TensorInfo tensor) =>
        tensor.DataType is not ("BOOL" or "I8" or "I16" or "I32" or "I64" or "U8" or "U16" or "U32" or "U64")
        && Family?.HuggingFaceKeys.IsBuffer(tensor.Name) != true;

    private long TiedDuplicate()
    {
        if (Family is not { } family)
        {
            return 0;
        }

        string key = family.Config.TieEmbeddings.Name!;
        bool tied = Config[key] is JsonNode flag
            ? flag.GetValueKind() == JsonValueKind.True
            : family.Config.TieEmbeddings.Default;
        return tied
            && Find(family.HuggingFaceKeys, TensorRole.Embedding) is not null
            && Find(family.HuggingFaceKeys, TensorRole.Head) is { } head
            ? head.ElementCount
            : 0;
    }

    private TensorInfo? Find(KeyMap keys, TensorRole role) =>
        Tensors.Tensors.GetValueOrDefault(keys.WeightName(role, null));
}
