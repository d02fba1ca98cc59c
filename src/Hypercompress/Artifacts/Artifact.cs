using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Forms;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Inference;
using Hypercompress.Models.Kernels.Matrices;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using static TorchSharp.torch;

namespace Hypercompress.Artifacts;

/// <summary>A compressed model on disk: what its files say, before its weights are read.</summary>
public sealed class Artifact : IDisposable
{
    private readonly JsonObject _section;
    private readonly bool _ownsTensors;

    private Artifact(string folder, JsonObject config, JsonObject section, ITensorSource tensors, bool ownsTensors) =>
        (Folder, Config, _section, Tensors, _ownsTensors) = (folder, config, section, tensors, ownsTensors);

    /// <summary>Its folder.</summary>
    public string Folder { get; }

    /// <summary>The whole <c>config.json</c>.</summary>
    public JsonObject Config { get; }

    /// <summary>Its stored tensors.</summary>
    public ITensorSource Tensors { get; }

    /// <summary>Path of its <c>config.json</c>, for messages.</summary>
    public string ConfigFile => Path.Combine(Folder, ArtifactLayout.Config);

    /// <summary>Number format of its norms and biases.</summary>
    /// <exception cref="CheckpointException">The configuration does not say.</exception>
    public ValueFormat Vectors
    {
        get
        {
            string? name = null;
            _ = _section["vectors"] is JsonValue value && value.TryGetValue(out name);
            return FloatFormat.TryParse(name ?? string.Empty) ?? throw new CheckpointException(
                ConfigFile, $"\"{ArtifactLayout.Section}.vectors\" must be f32, f16 or bf16");
        }
    }

    /// <summary>Parameters that the model has when all matrices are dense.</summary>
    public long DenseParameters
    {
        get
        {
            var layout = new DecoderLayout(DecoderConfigReader.Parse(Config, ConfigFile));
            return layout.Slots.Sum(slot => slot.Rows * slot.Columns) + layout.Vectors.Sum(vector => vector.Length);
        }
    }

    /// <summary>Bytes of its tensor data.</summary>
    public long WeightBytes => Tensors.Tensors.Values.Sum(tensor => tensor.ByteLength);

    /// <summary>Whether a path looks like an artifact: a folder with a manifest.</summary>
    /// <param name="path">Any path.</param>
    /// <returns>False for every other model, and for paths that do not exist.</returns>
    public static bool IsArtifact(string path) =>
        File.Exists(Path.Combine(path, ArtifactManifest.FileName)) && Directory.Exists(path);

    /// <summary>Says why a path is not an artifact.</summary>
    /// <param name="path">A path of which <see cref="IsArtifact"/> is false.</param>
    /// <returns>What comes after the path in an error, with what to do.</returns>
    public static string FaultOf(string path) =>
        Directory.Exists(path) ? "is not an artifact; give a folder that 'compress' wrote"
        : File.Exists(path) ? "is a file and not an artifact; give a folder that 'compress' wrote"
        : "does not exist; check the path";

    /// <summary>Opens an artifact; reads headers only.</summary>
    /// <param name="folder">Its folder.</param>
    /// <returns>The artifact; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">A file is missing or malformed.</exception>
    public static Artifact Open(string folder)
    {
        JsonObject config = JsonFile.ReadObject(Path.Combine(folder, ArtifactLayout.Config));
        JsonObject section = Section(folder, config);
        return new Artifact(folder, config, section, CheckpointFolder.Open(folder), ownsTensors: true);
    }

    /// <summary>Takes an artifact from a package that is already open.</summary>
    /// <param name="package">The package of the artifact's folder; stays the caller's, and stays open.</param>
    /// <returns>The artifact.</returns>
    /// <exception cref="CheckpointException">The configuration is not that of an artifact.</exception>
    public static Artifact From(ModelPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        JsonObject section = Section(package.Location, package.Config);
        return new Artifact(package.Location, package.Config, section, package.Tensors, ownsTensors: false);
    }

    /// <summary>How every site is stored, by name.</summary>
    /// <returns>One description per site.</returns>
    /// <exception cref="CheckpointException">A description is malformed.</exception>
    public ImmutableSortedDictionary<string, FormDescription> Describe()
    {
        JsonObject sites = _section["sites"] as JsonObject
            ?? throw new CheckpointException(ConfigFile, $"\"{ArtifactLayout.Section}.sites\" is missing");
        return sites.ToImmutableSortedDictionary(site => site.Key, Describe, StringComparer.Ordinal);
    }

    /// <summary>Builds the student, and checks the hashes of its tensors while they are read.</summary>
    /// <param name="forms">The forms that can be read.</param>
    /// <param name="check">
    /// Whether tensors are compared with the manifest. An artifact without hashes of tensors is loaded unchecked.
    /// </param>
    /// <returns>The student on the CPU; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">
    /// A tensor or description is missing or does not fit the architecture; or, with <paramref name="check"/>, the
    /// manifest or a tensor was changed after it was written.
    /// </exception>
    public DecoderModel Load(FormCatalog forms, bool check = true)
    {
        ArgumentNullException.ThrowIfNull(forms);
        DecoderConfig config = DecoderConfigReader.Parse(Config, ConfigFile);
        ImmutableSortedDictionary<string, FormDescription> sites = Describe();
        ITensorSource tensors = check ? Checked() : Tensors;
        var read = new Dictionary<string, FormMatrix>(StringComparer.Ordinal);
        return DecoderModel.Assemble(
            config,
            slot => read[slot.Name] = forms.Read(FormOf(slot, sites), slot.Name, tensors, ConfigFile, read),
            vector => tensor(ReadVector(vector, tensors)));
    }

    /// <summary>Reads the student for the integer engine, a few matrices at a time.</summary>
    /// <param name="forms">The forms that can be read.</param>
    /// <param name="threads">Threads of the engine, at least 1.</param>
    /// <param name="memory">Whether coded matrices of layers are decoded now or when they are used.</param>
    /// <param name="check">As for <see cref="Load"/>.</param>
    /// <returns>The engine; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">As for <see cref="Load"/>.</exception>
    public IntegerDecoder LoadPacked(
        FormCatalog forms, int threads, MemoryUse memory = MemoryUse.Fast, bool check = true)
    {
        ArgumentNullException.ThrowIfNull(forms);
        DecoderConfig config = DecoderConfigReader.Parse(Config, ConfigFile);
        ImmutableSortedDictionary<string, FormDescription> sites = Describe();
        ITensorSource tensors = check ? Checked() : Tensors;
        using var packed = new PackedSites(forms, slot => FormOf(slot, sites), tensors, ConfigFile, memory);
        IReadOnlyDictionary<string, PackedMatrix> matrices = packed.Pack(new DecoderLayout(config).Slots, threads);
        return new IntegerDecoder(
            config, slot => matrices[slot.Name], vector => ReadVector(vector, tensors), threads);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsTensors)
        {
            Tensors.Dispose();
        }
    }

    private static JsonObject Section(string folder, JsonObject config)
    {
        string file = Path.Combine(folder, ArtifactLayout.Config);
        JsonObject section = config[ArtifactLayout.Section] as JsonObject
            ?? throw new CheckpointException(
                file, $"has no section \"{ArtifactLayout.Section}\"; this is not an artifact");
        return section["version"] is JsonValue value && value.TryGetValue(out int version)
            && version == ArtifactLayout.Version
            ? section
            : throw new CheckpointException(
                file,
                $"has layout version {section["version"]?.ToJsonString(PlainJson.Compact) ?? "none"}; this program "
                + $"reads {ArtifactLayout.Version}");
    }

    private ITensorSource Checked()
    {
        IReadOnlyDictionary<string, string> hashes = ArtifactManifest.ReadTensorHashes(Folder);
        return hashes.Count == 0 ? Tensors : new CheckedTensors(Tensors, hashes);
    }

    private FormDescription Describe(KeyValuePair<string, JsonNode?> site) => FormDescriptionJson.Read(
        site.Value ?? throw new CheckpointException(ConfigFile, $"site {site.Key} has no description"),
        ConfigFile,
        site.Key);

    private FormDescription FormOf(SlotLayout slot, ImmutableSortedDictionary<string, FormDescription> sites)
    {
        if (!sites.TryGetValue(slot.Name, out FormDescription? form))
        {
            throw new CheckpointException(ConfigFile, $"does not say how {slot.Name} is stored");
        }

        return form.Rows == slot.Rows && form.Columns == slot.Columns
            ? form
            : throw new CheckpointException(
                ConfigFile,
                $"site {slot.Name} is described as [{form.Rows}, {form.Columns}], "
                + $"the architecture needs [{slot.Rows}, {slot.Columns}]");
    }

    private float[] ReadVector(VectorLayout vector, ITensorSource tensors)
    {
        if (!tensors.Tensors.TryGetValue(vector.Name, out TensorInfo? info))
        {
            throw new CheckpointException(Folder, $"tensor {vector.Name} is missing");
        }

        if (info.Shape.Length != 1 || info.Shape[0] != vector.Length)
        {
            throw new CheckpointException(
                info.File,
                $"tensor {vector.Name} is [{string.Join(", ", info.Shape)}], the architecture needs [{vector.Length}]");
        }

        if (!info.DataType.Equals(Vectors.ToString(), StringComparison.OrdinalIgnoreCase))
        {
            throw new CheckpointException(
                info.File, $"tensor {vector.Name} is {info.DataType}, {ArtifactLayout.Config} says {Vectors}");
        }

        var numbers = new float[vector.Length];
        var stored = new byte[info.ByteLength];
        if (tensors.TryReadBytes(vector.Name, stored))
        {
            FloatBytes.Widen(info.DataType, stored, numbers);
            return numbers;
        }

        using Tensor read = tensors.Read(vector.Name);
        using Tensor wide = read.to(ScalarType.Float32, copy: true);
        return [.. wide.data<float>()];
    }
}
