using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using static TorchSharp.torch;

namespace Hypercompress.Models.Packages.Gguf;

/// <summary>
/// Writes a decoder, its matrices multiplied out, as one GGUF file with its tokenizer. What the format can not hold is
/// found out when a writer is made, before anything is written.
/// </summary>
public sealed class GgufModelWriter
{
    private readonly DecoderModel _model;
    private readonly GgmlType _type;
    private readonly GgufModelMetadata _metadata;
    private readonly IReadOnlyList<KeyValuePair<string, object>> _tokenizer;

    /// <summary>Finds out whether and how a model can be written.</summary>
    /// <param name="model">The model; stays the caller's and must outlive the writer.</param>
    /// <param name="config">Its <c>config.json</c>.</param>
    /// <param name="sideFiles">Tokenizer files by name.</param>
    /// <param name="label">A name for people.</param>
    /// <param name="type">
    /// Element type of matrices. Norms, biases and positions are F32 beside quantized types; an output projection goes
    /// to Q6_K beside types of 4 bits; rows that are not a whole number of blocks go to the next type that holds them.
    /// </param>
    /// <exception cref="ConfigurationException">The format has no place for something that the model needs.</exception>
    public GgufModelWriter(
        DecoderModel model,
        JsonObject config,
        IReadOnlyDictionary<string, byte[]> sideFiles,
        string label,
        GgmlType type)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(config);
        ArgumentNullException.ThrowIfNull(sideFiles);
        (_model, _type) = (model, type);
        _metadata = new GgufModelMetadata(model.Config, label);
        _metadata.RequireExpressible(config);
        var tokenizer = GgufTokenizerMetadata.Data(sideFiles, model.Config.VocabularySize);
        _tokenizer = GgufTokenizerMetadata.Make(tokenizer);
        Notes =
        [
            .. _metadata.Notes,
            .. tokenizer?.Notes ?? ["the model has no tokenizer, so the file will have none"],
        ];
    }

    /// <summary>Facts of the model that the file does not hold; sentences for people.</summary>
    public ImmutableArray<string> Notes { get; }

    /// <summary>Further metadata, after that of the model: strings and numbers by key. Empty by default.</summary>
    public ImmutableArray<KeyValuePair<string, object>> Annotations { get; init; } = [];

    /// <summary>Whether matrices that are stored in blocks of the format keep them; true by default.</summary>
    public bool KeepsBlocks { get; init; } = true;

    /// <summary>Writes the file.</summary>
    /// <param name="path">A <c>.gguf</c> file; replaced when it exists.</param>
    /// <returns>Bytes of the tensors' data.</returns>
    public long Write(string path)
    {
        GgufTensorToWrite[] tensors = [.. ModelTensors()];
        return GgufWriter.Write(
            path,
            [
                .. _metadata.Entries(MainType(tensors)), .. Annotations,
                .. _tokenizer.DefaultIfEmpty(GgufTokenizerMetadata.Absent),
            ],
            [.. tensors, .. _metadata.RopeTensors()]);
    }

    /// <summary>Bytes of the tensors' data, without writing them.</summary>
    /// <returns>Bytes.</returns>
    public long CountBytes() => ModelTensors().Concat(_metadata.RopeTensors()).Sum(tensor => tensor.ByteLength);

    // The type of most of the blocks that are kept: readers show it as the type of the file.
    private GgmlType MainType(IEnumerable<GgufTensorToWrite> tensors) =>
        tensors.Where(tensor => tensor.HasBlocks).GroupBy(tensor => tensor.Type)
            .MaxBy(same => same.Sum(tensor => tensor.ByteLength))?.Key ?? _type;

    private IEnumerable<GgufTensorToWrite> ModelTensors()
    {
        var values = new SlotRows(_model);
        FrozenDictionary<string, double> factors = QueryFactors();
        return new DecoderLayout(_model.Config, _model.Config.Family.GgufKeys)
            .Tensors().Select(stored => KeptType(stored, values, factors) is { } kept
                ? InBlocks(stored, kept, values)
                : new GgufTensorToWrite(
                    stored.Name,
                    values.IsMatrix(stored) ? MatrixType(stored) : VectorType(stored),
                    stored.Shape,
                    () => stored.Assemble(placed => Scaled(
                        values.Rows(stored, placed), factors.GetValueOrDefault(placed.Slot, 1), placed.Part.Added))));
    }

    private GgmlType? KeptType(CheckpointTensor stored, SlotRows values, FrozenDictionary<string, double> factors) =>
        KeepsBlocks && stored.Parts.All(placed => factors.GetValueOrDefault(placed.Slot, 1) == 1)
            ? values.BlockType(stored)
            : null;

    // Rows of blocks are moved as rows of numbers are.
    private static GgufTensorToWrite InBlocks(CheckpointTensor stored, GgmlType type, SlotRows values)
    {
        long rowBytes = GgmlEncoding.Of(type).Bytes(stored.Shape[^1]);
        CheckpointTensor bytes = stored with { Shape = [.. stored.Shape[..^1], rowBytes] };
        return new GgufTensorToWrite(stored.Name, type, stored.Shape, () => bytes.Assemble(values.Blocks).clone())
        {
            HasBlocks = true,
        };
    }

    // Where queries are normalised, the factor goes into the norm; the projection itself would not change anything.
    private FrozenDictionary<string, double> QueryFactors()
    {
        bool isNormed = _model.Config.Family.HuggingFaceKeys.Has(TensorRole.QueryNorm);
        var factors = new Dictionary<string, double>();
        for (int layer = 0; layer < _model.Config.Layers; layer++)
        {
            string query = DecoderNames.Of(TensorRole.Query, layer);
            string[] places = isNormed
                ? [DecoderNames.Of(TensorRole.QueryNorm, layer) + ".weight"]
                : [query, query + ".bias"];
            foreach (string place in places)
            {
                factors.Add(place, _metadata.QueryFactor(layer));
            }
        }

        return factors.ToFrozenDictionary();
    }

    // What is stored is the value and something added to it; the sum is what has to grow by the factor.
    private static Tensor Scaled(Tensor rows, double factor, double added) =>
        factor == 1 ? rows : rows.mul_(factor).add_(added * (factor - 1));

    private GgmlType VectorType(CheckpointTensor stored) =>
        stored.Shape.Length > 1 && GgmlEncoding.Of(_type).IsPlain ? _type : GgmlType.F32;

    private GgmlType MatrixType(CheckpointTensor stored)
    {
        string place = stored.Parts[0].Slot;
        bool isHead = place == DecoderLayout.HeadName
            || (place == DecoderLayout.EmbeddingName && _model.Config.TieEmbeddings);
        bool isNarrow = _type is GgmlType.Q40 or GgmlType.Q4K;
        return Fitting(isHead && isNarrow ? GgmlType.Q6K : _type, stored.Shape[^1]);
    }

    // What llama.cpp falls back to, too.
    private static GgmlType Fitting(GgmlType type, long columns) => type switch
    {
        GgmlType.Q4K when columns % GgmlBlock.Large != 0 => Fitting(GgmlType.Q50, columns),
        GgmlType.Q6K when columns % GgmlBlock.Large != 0 => Fitting(GgmlType.Q80, columns),
        GgmlType.Q40 or GgmlType.Q50 or GgmlType.Q80 when columns % GgmlBlock.Small != 0 => GgmlType.F16,
        _ => type,
    };
}
