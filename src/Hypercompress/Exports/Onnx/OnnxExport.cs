using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Exports.HuggingFace;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Onnx;

/// <summary>
/// A folder that onnxruntime-genai, transformers.js and any program with ONNX Runtime run: factors are two products,
/// integer codes of 4 and 8 bits stay codes where that is asked for, keys and values of earlier tokens are inputs and
/// outputs.
/// </summary>
internal sealed class OnnxExport : IModelExport
{
    private readonly OpenModel _opened;
    private readonly OnnxType _type;
    private readonly OnnxQuant _quant;

    /// <summary>Finds out whether the format can hold a model.</summary>
    /// <param name="opened">The model.</param>
    /// <param name="request">Where and how.</param>
    /// <exception cref="ConfigurationException">The type is neither float32 nor float16.</exception>
    public OnnxExport(OpenModel opened, ExportRequest request)
    {
        _opened = opened;
        _type = request.Type switch
        {
            ScalarType.Float32 => OnnxType.Float,
            ScalarType.Float16 => OnnxType.Float16,
            _ => throw new ConfigurationException(
                "--dtype bf16: ONNX Runtime computes in f32 or f16 on most devices; give one of these"),
        };
        _quant = request.Quant switch
        {
            "int4" => OnnxQuant.Int4,
            "keep" => OnnxQuant.Keep,
            _ => OnnxQuant.None,
        };
        Notes = [.. NotesOn(opened.Model.Decoder), .. GenaiTokenizer.Remarks(opened)];
    }

    /// <summary>Quantizations that can be chosen instead of plain numbers.</summary>
    public static ImmutableArray<string> Quants { get; } = ["int4", "keep"];

    /// <inheritdoc/>
    public ImmutableArray<string> Notes { get; }

    /// <summary>
    /// The effect of rounding to 4 bits on logits depends on the model: the graph is compared with a model of the same
    /// rounded matrices instead.
    /// </summary>
    public double Tolerance => _quant == OnnxQuant.Int4 ? double.MaxValue : ComputingTolerance;

    private double ComputingTolerance =>
        LogitComparison.ToleranceOf(_type == OnnxType.Float ? ScalarType.Float32 : ScalarType.Float16, Model);

    private DecoderModel Model => _opened.Model.Decoder;

    /// <inheritdoc/>
    public long Write(string path)
    {
        OnnxFiles files = OnnxFiles.Of(_type, _quant);
        ModelFolder.WriteSideFiles(path, _opened.SideFiles);
        using var graph = new OnnxGraph(files.Prepare(path));
        Build(graph);
        graph.Save("hypercompress");
        JsonFile.Write(Path.Combine(path, GenaiConfig.FileName), GenaiConfig.Make(_opened.Model, files.Graph));
        JsonFile.Write(Path.Combine(path, ArtifactLayout.Config), Configuration(files));
        return graph.WeightBytes;
    }

    /// <summary>Puts the graph together without its weights.</summary>
    /// <inheritdoc/>
    public long CountBytes()
    {
        using var graph = new OnnxGraph(path: null);
        Build(graph);
        return graph.WeightBytes;
    }

    /// <summary>Runs the graph twice, all tokens at once and one by one through the cache.</summary>
    /// <inheritdoc/>
    public double ReadBack(string path)
    {
        using var session = new OnnxSession(path, Model.Config);
        if (_quant != OnnxQuant.Int4)
        {
            return Difference(Model, session);
        }

        using DecoderModel rounded = OnnxRounding.Copy(Model);
        return Difference(rounded, session) <= ComputingTolerance ? Difference(Model, session)
            : double.PositiveInfinity;
    }

    private void Build(OnnxGraph graph) => new OnnxDecoder(new OnnxParts(graph, Model, _type, _quant)).Build();

    private static double Difference(DecoderModel model, OnnxSession session)
    {
        session.Restart();
        double whole = LogitComparison.Largest(model, ids => session.Append(ids.data<long>().ToArray()));
        session.Restart();
        return Math.Max(whole, LogitComparison.Largest(model, ids => OneByOne(session, ids.data<long>().ToArray())));
    }

    private static Tensor OneByOne(OnnxSession session, long[] ids) =>
        cat([session.Append(ids.AsSpan(0, ids.Length / 2)), .. ids.Skip(ids.Length / 2)
            .Select(id => session.Append([id]))], 1);

    private JsonObject Configuration(OnnxFiles files)
    {
        ScalarType type = _type == OnnxType.Float ? ScalarType.Float32 : ScalarType.Float16;
        JsonObject config = ModelFolder.DenseConfig(_opened.Config, Model.Config.Family, type);
        config["transformers.js_config"] = files.Configuration();
        return config;
    }

    private static IEnumerable<string> NotesOn(DecoderModel model)
    {
        RopeSettings[] ropes =
            [.. model.Config.Attention.Select(layer => layer.Rope).OfType<RopeSettings>().Distinct()];
        if (ropes.FirstOrDefault(rope => rope.Type == RopeType.LongRope) is { } rope)
        {
            yield return $"a text that grows beyond {rope.OriginalMaxPositions} tokens while it is generated keeps the "
                + "rotation of its earlier keys; this program rotates them anew";
        }

        int latent = model.Slots.Count(slot => slot.Kind == WeightSlotKind.KeyValue
            && slot.Matrix is ILatentMatrix { } pair && pair.Rank < slot.Matrix.Rows);
        if (latent > 0)
        {
            yield return $"onnxruntime-genai caches keys and values, not latents: the cache of {latent} layers has its "
                + $"full size";
        }
    }
}
