using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Reflection;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Forms;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats.Floats;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>
/// A folder that Hugging Face transformers loads with <c>trust_remote_code</c>: the stock model with low-rank matrices
/// as two linear layers, and a modeling file that says so.
/// </summary>
internal sealed class FactoredExport : IModelExport
{
    private const string Weight = ".weight";
    private const string Configuration = "configuration_hypercompress";
    private const string Modeling = "modeling_hypercompress";

    private readonly OpenModel _opened;
    private readonly ScalarType _type;
    private readonly ModuleTensors _tensors;
    private readonly FrozenDictionary<string, WeightSlot> _slots;
    private readonly ImmutableArray<FactoredModule> _modules;
    private readonly ExportedForm _embedding;

    /// <summary>Finds out what each module becomes.</summary>
    /// <param name="opened">The model.</param>
    /// <param name="request">Where and how.</param>
    public FactoredExport(OpenModel opened, ExportRequest request)
    {
        (_opened, _type) = (opened, request.Type);
        bool keepsCodes = request.Quant == "keep";
        _tensors = new ModuleTensors(request.Type, keepsCodes);
        _slots = Model.Slots.ToFrozenDictionary(slot => slot.Name);
        _modules = [.. Layout.Where(IsLinear).Select(Module).Where(module => !module.IsStock)];
        _embedding = _tensors.FormOf(Matrix(DecoderLayout.EmbeddingName), 0, Model.Config.VocabularySize);
        int decoded = Model.Slots.Count(IsDecoded);
        Notes = decoded == 0 ? [] :
        [
            $"{decoded} matrices of fewer bits are decoded to {FloatFormat.Of(request.Type)}"
                + (keepsCodes ? string.Empty : "; --quant keep keeps integer codes and sparse values"),
        ];
    }

    /// <inheritdoc/>
    public ImmutableArray<string> Notes { get; }

    /// <inheritdoc/>
    public double Tolerance => LogitComparison.ToleranceOf(_type, Model);

    private DecoderModel Model => _opened.Model.Decoder;

    private IEnumerable<CheckpointTensor> Layout => new DecoderLayout(Model.Config).Tensors();

    /// <inheritdoc/>
    public long Write(string path)
    {
        ModelFolder.WriteSideFiles(path, _opened.SideFiles);
        NameTokenizerClass(path);
        foreach (string file in new[] { Configuration, Modeling })
        {
            File.WriteAllText(Path.Combine(path, file + ".py"), Source(file));
        }

        JsonFile.Write(Path.Combine(path, ArtifactLayout.Config), Config());
        return SafetensorsWriter.WriteSharded(path, [.. Tensors()]);
    }

    /// <inheritdoc/>
    public long CountBytes() => Tensors().Sum(tensor => tensor.ByteLength);

    /// <inheritdoc/>
    public double ReadBack(string path)
    {
        using DecoderModel copy = FactoredFolder.Load(path, Model.Config);
        return MatrixComparison.Largest(Model, copy) <= MatrixComparison.ToleranceOf(_type)
            ? LogitComparison.Largest(Model, ids => copy.Forward(ids))
            : double.PositiveInfinity;
    }

    // transformers derives the class of a tokenizer from the model's class, which it does not know here.
    private void NameTokenizerClass(string path)
    {
        const string ClassKey = "tokenizer_class", SettingsFile = "tokenizer_config.json";
        string file = Path.Combine(path, SettingsFile);
        JsonObject settings = File.Exists(file) ? JsonFile.ReadObject(file) : [];
        if (TokenizerClass() is { } name && settings.TryAdd(ClassKey, name))
        {
            JsonFile.Write(file, settings);
        }
    }

    private string? TokenizerClass()
    {
        bool Has(string file) => _opened.SideFiles.ContainsKey(file);
        return Has("tokenizer.json") ? "PreTrainedTokenizerFast"
            : Has("tokenizer.model") ? (Model.Config.Family.ScalesEmbedding ? "GemmaTokenizer" : "LlamaTokenizer")
            : Has("vocab.json") && Has("merges.txt") ? "GPT2Tokenizer"
            : null;
    }

    /// <summary>One of the two Python files.</summary>
    /// <param name="name">Its name without the ending.</param>
    internal static string Source(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name + ".py")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private bool IsDecoded(WeightSlot slot) => slot.Matrix is FormMatrix form
        && form.StoredBytes < 2 * form.StoredParameters
        && _tensors.FormOf(form, 0, form.Rows).Kind is ExportedForm.Dense or ExportedForm.LowRank;

    private WeightMatrix Matrix(string place) => _slots[place].Matrix;

    private bool IsLinear(CheckpointTensor stored) =>
        _slots.TryGetValue(stored.Parts[0].Slot, out WeightSlot? slot) && slot.Kind != WeightSlotKind.Embedding;

    private FactoredModule Module(CheckpointTensor stored) => new(
        stored.Name[..^Weight.Length],
        Matrix(stored.Parts[0].Slot).Columns,
        stored.Parts[0].Part.Blocks,
        [.. stored.Parts.Select(
            placed => (placed, _tensors.FormOf(Matrix(placed.Slot), placed.Row, placed.Part.Rows)))]);

    private JsonObject Config()
    {
        JsonObject config = ModelFolder.DenseConfig(_opened.Config, Model.Config.Family, _type);
        ArchitectureFamily family = Model.Config.Family;
        string name = "Hypercompress" + family.ModelClass;
        config["model_type"] = "hypercompress_" + family.ModelType;
        config["architectures"] = new JsonArray(name);
        config["auto_map"] = new JsonObject
        {
            ["AutoConfig"] = $"{Configuration}.{name}Config",
            ["AutoModelForCausalLM"] = $"{Modeling}.{name}",
        };
        config[ArtifactLayout.Section] = Section();
        return config;
    }

    private JsonObject Section()
    {
        var section = new JsonObject
        {
            ["version"] = ArtifactLayout.Version,
            ["modules"] =
                new JsonObject(_modules.Select(module => KeyValuePair.Create(module.Name, (JsonNode?)module.ToJson()))),
        };
        if (_embedding.Kind != ExportedForm.Dense)
        {
            JsonObject embedding = _embedding.ToJson();
            embedding["module"] = EmbeddingModule;
            embedding["columns"] = Model.Config.HiddenSize;
            embedding["head"] = Model.Config.TieEmbeddings
                ? Model.Config.Family.HuggingFaceKeys.WeightName(TensorRole.Head, null)[..^Weight.Length]
                : null;
            section["embedding"] = embedding;
        }

        return section;
    }

    private string EmbeddingModule =>
        Model.Config.Family.HuggingFaceKeys.WeightName(TensorRole.Embedding, null)[..^Weight.Length];

    private IEnumerable<TensorToWrite> Tensors()
    {
        var values = new SlotRows(Model);
        FrozenDictionary<string, FactoredModule> modules = _modules.ToFrozenDictionary(module => module.Name);
        foreach (CheckpointTensor stored in Layout)
        {
            string module = stored.Name[..stored.Name.LastIndexOf('.')];
            if (stored.Name == EmbeddingModule + Weight && _embedding.Kind != ExportedForm.Dense)
            {
                foreach (
                    TensorToWrite tensor in _tensors.Embedding(module, Matrix(DecoderLayout.EmbeddingName), _embedding))
                {
                    yield return tensor;
                }
            }
            else if (
                modules.TryGetValue(module, out FactoredModule? factored)
                && stored.Name.EndsWith(Weight, StringComparison.Ordinal))
            {
                foreach (TensorToWrite tensor in factored.Tensors(_tensors, Matrix))
                {
                    yield return tensor;
                }
            }
            else
            {
                yield return ModelFolder.StockTensor(
                    values, stored, _type) with
                { Name = factored?.NameOf(stored.Name) ?? stored.Name };
            }
        }
    }
}
