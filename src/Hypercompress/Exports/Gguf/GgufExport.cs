using System.Collections.Frozen;
using System.Collections.Immutable;
using Hypercompress.Artifacts;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Packages.Gguf;
using Hypercompress.Models.Tokenization;
using static TorchSharp.torch;

namespace Hypercompress.Exports.Gguf;

/// <summary>
/// One <c>.gguf</c> file of dense or block-quantized weights. The format has no low-rank, sparse or summed matrices:
/// all are multiplied out.
/// </summary>
internal sealed class GgufExport : IModelExport
{
    private const string ProbeText =
        "Once upon a time, in 1987, there wasn't a\n  \"café\" (or two) at the river's end!";

    private readonly OpenModel _opened;
    private readonly GgmlType _type;
    private readonly bool _keepsBlocks;
    private readonly GgufModelWriter _writer;

    /// <summary>Finds out whether the format can hold a model.</summary>
    /// <param name="opened">The model.</param>
    /// <param name="request">Where and how.</param>
    /// <exception cref="Models.Errors.ConfigurationException">It cannot.</exception>
    public GgufExport(OpenModel opened, ExportRequest request)
    {
        _opened = opened;
        _type = request.Quant is { } quant ? Types[quant] : PlainType(request.Type);
        _keepsBlocks = request.Quant is null
            && opened.Model.Decoder.Slots.Any(slot => slot.Matrix.ToBlocks() is not null);
        _writer = new GgufModelWriter(
            opened.Model.Decoder, opened.Config, opened.SideFiles, Path.GetFileName(opened.Location), _type)
        {
            KeepsBlocks = _keepsBlocks,
            Annotations = _keepsBlocks ? GgufOrigin.Entries(opened) : [],
        };
        Notes = [.. _writer.Notes, .. Multiplied()];
    }

    /// <summary>Block-quantized types by their names on the command line.</summary>
    public static FrozenDictionary<string, GgmlType> Types { get; } = new Dictionary<string, GgmlType>
    {
        ["q8_0"] = GgmlType.Q80,
        ["q6_k"] = GgmlType.Q6K,
        ["q4_k"] = GgmlType.Q4K,
        ["q4_0"] = GgmlType.Q40,
    }.ToFrozenDictionary();

    /// <inheritdoc/>
    public ImmutableArray<string> Notes { get; }

    /// <summary>
    /// The effect of rounding to few bits on logits depends on the model: each matrix is compared with its type's own
    /// error instead.
    /// </summary>
    public double Tolerance => _type switch
    {
        GgmlType.F32 => LogitComparison.ToleranceOf(ScalarType.Float32, _opened.Model.Decoder),
        GgmlType.F16 or GgmlType.BF16 => LogitComparison.ToleranceOf(ScalarType.Float16, _opened.Model.Decoder),
        _ => double.MaxValue,
    };

    private double MatrixTolerance => _type switch
    {
        GgmlType.F32 => MatrixComparison.ToleranceOf(ScalarType.Float32),
        GgmlType.F16 => MatrixComparison.ToleranceOf(ScalarType.Float16),
        GgmlType.BF16 => MatrixComparison.ToleranceOf(ScalarType.BFloat16),
        GgmlType.Q80 or GgmlType.Q6K => 0.05,
        _ => 0.3,
    };

    /// <inheritdoc/>
    public long Write(string path) => _writer.Write(path);

    /// <inheritdoc/>
    public long CountBytes() => _writer.CountBytes();

    /// <inheritdoc/>
    public double ReadBack(string path)
    {
        using ModelPackage package = ModelPackage.Open(path);
        using LanguageModel copy = LanguageModel.Load(package);
        bool isSame = Tokenizes(copy.Tokenizer)
            && MatrixComparison.Largest(_opened.Model.Decoder, copy.Decoder) <= MatrixTolerance;
        return isSame
            ? LogitComparison.Largest(_opened.Model.Decoder, ids => copy.Decoder.Forward(ids))
            : double.PositiveInfinity;
    }

    private static GgmlType PlainType(ScalarType type) => type switch
    {
        ScalarType.Float32 => GgmlType.F32,
        ScalarType.BFloat16 => GgmlType.BF16,
        _ => GgmlType.F16,
    };

    private IEnumerable<string> Multiplied()
    {
        int factored = _opened.Model.Decoder.Slots.Count(
            slot => slot.Matrix.MultiplyAdds < slot.Matrix.Rows * slot.Matrix.Columns);
        if (factored > 0)
        {
            yield return $"a GGUF file has no low-rank matrices: {factored} are multiplied out (as --format hf-dense "
                + $"does)";
        }
    }

    private bool Tokenizes(ITokenizer? copy)
    {
        int[]? own = _opened.Model.Tokenizer?.Encode(ProbeText);
        int[]? read = copy?.Encode(ProbeText);
        return own is null ? read is null : read is not null && own.AsSpan().SequenceEqual(read);
    }
}
