using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Exports.Sites;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Safetensors;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>
/// A folder in the layout <c>pack-quantized</c> of compressed-tensors, which vLLM and transformers load without custom
/// code. Embedding, head, norms and biases are plain numbers.
/// </summary>
internal sealed class QuantizedExport : IModelExport
{
    private const string Weight = ".weight";
    private const string Keep = "keep";

    private readonly OpenModel _opened;
    private readonly ScalarType _type;
    private readonly QuantizedLayers _layers;
    private readonly int? _rounded;
    private readonly SlotRows _values;

    /// <summary>Finds out whether the layout can hold a model.</summary>
    /// <param name="opened">The model.</param>
    /// <param name="request">Where and how.</param>
    /// <exception cref="Models.Errors.ConfigurationException">It cannot.</exception>
    public QuantizedExport(OpenModel opened, ExportRequest request)
    {
        (_opened, _type, _values) = (opened, request.Type, new SlotRows(opened.Model.Decoder));
        _rounded = request.Quant switch
        {
            "int4" => 4,
            "int8" => 8,
            _ => null,
        };
        _layers = new QuantizedLayers(Model, _rounded, joins: request.Quant != Keep);
        int plain = _layers.Schemes.Values.Count(scheme => scheme is null);
        Notes =
        [
            $"embedding, head, norms and biases{(plain > 0 ? $" and {plain} layers" : string.Empty)} are stored as "
                + $"{FloatFormat.Of(request.Type)}",
        ];
    }

    /// <summary>
    /// The formats that every layer can be rounded to; or the codes that there are, also where layers that vLLM joins
    /// differ.
    /// </summary>
    public static ImmutableArray<string> Quants { get; } = ["int4", "int8", Keep];

    /// <inheritdoc/>
    public ImmutableArray<string> Notes { get; }

    /// <summary>Where layers are rounded again, each matrix is compared with the original instead.</summary>
    public double Tolerance => _rounded is null ? LogitComparison.ToleranceOf(_type, Model) : double.MaxValue;

    private double MatrixTolerance => _rounded == 8 ? 0.05 : 0.3;

    private DecoderModel Model => _opened.Model.Decoder;

    /// <inheritdoc/>
    public long Write(string path)
    {
        ModelFolder.WriteSideFiles(path, _opened.SideFiles);
        JsonObject config = ModelFolder.DenseConfig(_opened.Config, Model.Config.Family, _type);
        config["quantization_config"] = _layers.ToJson(
            Model.Config.Family.HuggingFaceKeys.WeightName(TensorRole.Head, null)[..^Weight.Length]);
        JsonFile.Write(Path.Combine(path, ArtifactLayout.Config), config);
        return SafetensorsWriter.WriteSharded(path, [.. Tensors()]);
    }

    /// <inheritdoc/>
    public long CountBytes() => Tensors().Sum(tensor => tensor.ByteLength);

    /// <inheritdoc/>
    public double ReadBack(string path)
    {
        using DecoderModel copy = Load(path);
        bool isSame = _rounded is null || MatrixComparison.Largest(Model, copy) <= MatrixTolerance;
        return isSame ? LogitComparison.Largest(Model, ids => copy.Forward(ids)) : double.PositiveInfinity;
    }

    private IEnumerable<TensorToWrite> Tensors() => new DecoderLayout(Model.Config).Tensors().SelectMany(Tensors);

    private IEnumerable<TensorToWrite> Tensors(CheckpointTensor stored)
    {
        string module = stored.Name[..stored.Name.LastIndexOf('.')];
        if (!stored.Name.EndsWith(Weight, StringComparison.Ordinal)
            || _layers.Schemes.GetValueOrDefault(module) is not { } scheme)
        {
            return [ModelFolder.StockTensor(_values, stored, _type)];
        }

        (long rows, long columns) = (stored.Shape[0], stored.Shape[1]);
        long words = PackedCodes.Words(columns, scheme.Bits);
        return
        [
            LazyTensor.Of(
                $"{module}.weight_packed",
                ScalarType.Int32,
                [rows, words],
                () => PackedCodes.Pack(_layers.Codes(stored).Codes, words)),
            LazyTensor.Of(
                $"{module}.weight_scale",
                ScalarType.Float16,
                [rows, columns / (scheme.GroupSize ?? columns)],
                () => _layers.Codes(stored).Scales),
            LazyTensor.Of($"{module}.weight_shape", ScalarType.Int64, [2], () => tensor([rows, columns])),
        ];
    }

    private DecoderModel Load(string folder)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using ITensorSource tensors = CheckpointFolder.Open(folder);
        var parts = new Dictionary<(string Slot, long Row), Tensor>();
        foreach (CheckpointTensor stored in new DecoderLayout(Model.Config).Tensors())
        {
            Tensor whole = Read(tensors, stored);
            foreach (SlotPart placed in stored.Parts)
            {
                parts.Add((placed.Slot, placed.Row), placed.Part.Take(whole));
            }
        }

        return SlotRowsAssembler.Assemble(Model.Config, parts);
    }

    private Tensor Read(ITensorSource tensors, CheckpointTensor stored)
    {
        string module = stored.Name[..stored.Name.LastIndexOf('.')];
        if (!tensors.Tensors.ContainsKey($"{module}.weight_packed")
            || !stored.Name.EndsWith(Weight, StringComparison.Ordinal))
        {
            return tensors.Read(stored.Name).to(ScalarType.Float32);
        }

        QuantScheme scheme = _layers.Schemes[module]!;
        long columns = stored.Shape[1];
        Tensor packed = PackedCodes.Unpack(tensors.Read($"{module}.weight_packed"), columns, scheme.Bits);
        return new CodedTerm(new GroupCodes(
            new CodeLayout(scheme.Bits, scheme.GroupSize ?? (int)columns, IsAffine: false),
            BitPacking.Unpack(packed, columns, scheme.Bits),
            tensors.Read($"{module}.weight_scale").to(ScalarType.Float32),
            null)).Decode();
    }
}
