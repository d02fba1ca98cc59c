using System.Text.Json.Nodes;
using Hypercompress.Forms;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.NumberFormats;
using static TorchSharp.torch;

namespace Hypercompress.Artifacts;

/// <summary>A running model of any kind, an artifact or any other, with the files it came from.</summary>
public sealed class OpenModel : IDisposable
{
    private readonly ModelPackage _package;
    private readonly ValueFormat? _teacherFormat;

    private OpenModel(ModelPackage package, LanguageModel model, ValueFormat? teacherFormat) =>
        (_package, Model, _teacherFormat) = (package, model, teacherFormat);

    /// <summary>The model.</summary>
    public LanguageModel Model { get; }

    /// <summary>Where it came from.</summary>
    public string Location => _package.Location;

    /// <summary>Its <c>config.json</c>.</summary>
    public JsonObject Config => _package.Config;

    /// <summary>Notes on its files; empty for an artifact.</summary>
    public IReadOnlyList<string> Notes => _package.Notes;

    /// <summary>Tokenizer and the like, by name.</summary>
    public IReadOnlyDictionary<string, byte[]> SideFiles => _package.SideFiles;

    /// <summary>Bytes of the tensors in its files.</summary>
    public long WeightBytes => _package.Tensors.Tensors.Values.Sum(tensor => tensor.ByteLength);

    /// <summary>The report of the run that made it; null for anything but an artifact.</summary>
    /// <returns>The report.</returns>
    public JsonObject? ReadReport() => _teacherFormat is null
        ? null
        : JsonFile.ReadObject(Path.Combine(_package.Location, ArtifactLayout.Report));

    /// <summary>The plan that was carried out; null for anything but an artifact.</summary>
    /// <returns>The plan.</returns>
    public JsonObject? ReadPlan() => _teacherFormat is null
        ? null
        : JsonFile.ReadObject(Path.Combine(_package.Location, ArtifactLayout.Plan));

    /// <summary>Opens a model.</summary>
    /// <param name="path">A folder, a <c>.gguf</c> file or an artifact.</param>
    /// <param name="forms">The forms that can be read.</param>
    /// <param name="check">Whether the tensors of an artifact are compared with the hashes in its manifest.</param>
    /// <param name="basePath">The model that an adapter is merged into; null when a model is opened.</param>
    /// <param name="packs">
    /// Whether matrices are held as they are stored, for inference without libtorch; otherwise in float32 where the
    /// form asks for it.
    /// </param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">It cannot be read, or a tensor of an artifact was changed.</exception>
    public static OpenModel Open(
        string path, FormCatalog forms, bool check = true, string? basePath = null, bool packs = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        ModelPackage package = ModelPackage.Open(path, basePath);
        try
        {
            return Artifact.IsArtifact(path)
                ? OpenArtifact(package, forms, check)
                : new OpenModel(package, LanguageModel.Load(package, packs), null);
        }
        catch
        {
            package.Dispose();
            throw;
        }
    }

    /// <summary>The tensors of an ordinary checkpoint, under the names of Hugging Face.</summary>
    /// <param name="type">Element type of all tensors.</param>
    /// <returns>Matrices multiplied out, and vectors; tensors that the receiver disposes.</returns>
    public IEnumerable<StoredTensor> DecodedTensors(ScalarType type)
    {
        var values = new SlotRows(Model.Decoder);
        foreach (CheckpointTensor stored in new DecoderLayout(Model.Decoder.Config).Tensors())
        {
            using var scope = NewDisposeScope();
            Tensor whole = stored.Assemble(placed => values.Rows(stored, placed)).to(type, copy: true);
            yield return new StoredTensor(stored.Name, whole.DetachFromDisposeScope());
        }
    }

    /// <summary>The tensors as they are stored: forms for an artifact, else the dense matrices in float32.</summary>
    /// <returns>Tensors that the receiver disposes.</returns>
    public IEnumerable<StoredTensor> StoredTensors()
    {
        if (_teacherFormat is not null)
        {
            return ArtifactWriter.Store(Model.Decoder, _teacherFormat);
        }

        IEnumerable<StoredTensor> matrices = Model.Decoder.Slots.Select(
            slot => new StoredTensor($"{slot.Name}.weight", slot.Matrix.Materialize()));
        return matrices.Concat(Model.Decoder.NamedVectors.Select(
            pair => new StoredTensor(pair.Name, pair.Vector.clone())));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        _package.Dispose();
    }

    private static OpenModel OpenArtifact(ModelPackage package, FormCatalog forms, bool check)
    {
        using Artifact artifact = Artifact.From(package);
        DecoderModel student = artifact.Load(forms, check);
        return new OpenModel(package, LanguageModel.Around(package, student), artifact.Vectors);
    }
}
