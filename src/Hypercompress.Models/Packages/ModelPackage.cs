using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Hub;
using Hypercompress.Models.Packages.Inventory;
using Hypercompress.Models.Tokenization;
using Hypercompress.Models.Tokenization.Loading;

namespace Hypercompress.Models.Packages;

/// <summary>A language model as files: configuration, tensors, tokenizer. Opening one reads headers only.</summary>
public sealed class ModelPackage : IDisposable
{
    private readonly Lazy<IReadOnlyDictionary<string, byte[]>> _sideFiles;
    private readonly Lazy<TensorInventory?> _inventory;

    /// <summary>Takes what was opened.</summary>
    /// <param name="location">The folder or file, and the file that the configuration came from.</param>
    /// <param name="format">See <see cref="Format"/>.</param>
    /// <param name="config">See <see cref="Config"/>.</param>
    /// <param name="checkpoint">The tensors, owned by the package, with notes about them.</param>
    /// <param name="sideFiles">Reads the files beside the weights.</param>
    internal ModelPackage(
        PackageLocation location,
        string format,
        JsonObject config,
        FolderCheckpoint checkpoint,
        Func<IReadOnlyDictionary<string, byte[]>> sideFiles)
    {
        (Location, ConfigLocation) = (location.Model, location.Config);
        (Format, Config, Tensors) = (format, config, checkpoint.Tensors);
        OpeningNotes = checkpoint.Notes;
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
    /// Notes on the files for people: tensors that nothing reads, names of wrappers that were left out, weights
    /// that were dequantized, a head that contradicts the configuration.
    /// </summary>
    public IReadOnlyList<string> Notes => [.. OpeningNotes, .. _inventory.Value?.Notes() ?? []];

    /// <summary>Those of <see cref="Notes"/> that opening the files gave.</summary>
    internal IReadOnlyList<string> OpeningNotes { get; }

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
        return PackageOpener.Open(path, basePath);
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
            // Reading the configuration reports what is wrong with it.
            return null;
        }
    }
}
