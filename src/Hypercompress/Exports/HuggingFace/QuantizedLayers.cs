using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Exports.Sites;
using Hypercompress.Forms;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Integers;
using static TorchSharp.torch;

namespace Hypercompress.Exports.HuggingFace;

/// <summary>Which layers of a model are quantized and how, as compressed-tensors wants it.</summary>
internal sealed class QuantizedLayers
{
    private const string Weight = ".weight";
    private const string Start = "compressed-tensors cannot hold this model:";
    private static readonly int[] GroupSizes = [128, 64, 32];

    private readonly Dictionary<string, WeightSlot> _slots;
    private readonly int? _rounded;

    /// <summary>Finds out whether the layout can hold a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rounded">Bits that every layer is rounded to; null to take the existing codes.</param>
    /// <param name="joins">Whether layers that vLLM joins must be alike.</param>
    /// <exception cref="ConfigurationException">It cannot; the message names the site.</exception>
    public QuantizedLayers(DecoderModel model, int? rounded, bool joins)
    {
        (_rounded, _slots) = (rounded, model.Slots.ToDictionary(slot => slot.Name));
        Schemes = new DecoderLayout(model.Config).Tensors()
            .Where(stored => KindOf(stored) is WeightSlotKind.Linear or WeightSlotKind.KeyValue)
            .ToImmutableSortedDictionary(stored => stored.Name[..^Weight.Length], SchemeOf, StringComparer.Ordinal);
        if (Schemes.Values.All(scheme => scheme is null))
        {
            throw Refuse("no layer is stored as codes of 4 or 8 bits");
        }

        if (joins)
        {
            RequireFusible(model.Config);
        }
    }

    /// <summary>The scheme of every layer by its module; null where it stays in floating point.</summary>
    public ImmutableSortedDictionary<string, QuantScheme?> Schemes { get; }

    /// <summary>The codes of a layer's rows.</summary>
    /// <param name="stored">Its tensor.</param>
    /// <returns>Codes and scales, stacked; belong to the current dispose scope.</returns>
    public (Tensor Codes, Tensor Scales) Codes(CheckpointTensor stored)
    {
        var parts = stored.Parts.Select(placed =>
        {
            GroupCodes codes = CodesOf(placed.Slot).Slice(placed.Row, placed.Part.Rows);
            return (Codes: codes.Pack(), codes.Scales);
        }).ToArray();
        return (cat([.. parts.Select(part => part.Codes)], 0), cat([.. parts.Select(part => part.Scales)], 0));
    }

    /// <summary>The <c>quantization_config</c>.</summary>
    /// <param name="head">Name of the output projection, which stays in floating point.</param>
    public JsonObject ToJson(string head)
    {
        var groups = new JsonObject();
        foreach ((int index, IGrouping<QuantScheme, string> group) in Schemes.Where(layer => layer.Value is not null)
            .GroupBy(layer => layer.Value!, layer => layer.Key).Index())
        {
            groups[string.Create(CultureInfo.InvariantCulture, $"group_{index}")] = group.Key.ToJson(group);
        }

        IEnumerable<string> plain = Schemes.Where(layer => layer.Value is null).Select(layer => layer.Key);
        return new JsonObject
        {
            ["quant_method"] = "compressed-tensors",
            ["format"] = "pack-quantized",
            ["quantization_status"] = "compressed",
            ["global_compression_ratio"] = null,
            ["version"] = "0.14.0",
            ["ignore"] = new JsonArray([.. plain.Append(head).Select(name => (JsonNode)name)]),
            ["kv_cache_scheme"] = null,
            ["config_groups"] = groups,
        };
    }

    private WeightSlotKind? KindOf(CheckpointTensor stored) => _slots.GetValueOrDefault(stored.Parts[0].Slot)?.Kind;

    private QuantScheme? SchemeOf(CheckpointTensor stored)
    {
        if (stored.Parts.Any(placed => placed.Part.IsTransposed || placed.Part.Blocks > 1))
        {
            throw new ConfigurationException(
                $"{Start} {stored.Name} is transposed or alternates between heads in this architecture. Use --format "
                + "hf-dense");
        }

        QuantScheme?[] schemes = [.. stored.Parts.Select(placed => SchemeOf(placed.Slot)).Distinct()];
        return schemes.Length == 1 ? schemes[0] : throw Refuse(
            $"{stored.Name} is one layer for "
                + $"{string.Join(" and ", schemes.Select(scheme => scheme?.ToString() ?? "plain numbers"))}");
    }

    private QuantScheme? SchemeOf(string place)
    {
        WeightMatrix matrix = _slots[place].Matrix;
        if (_rounded is { } bits)
        {
            return new QuantScheme(bits, RoundedGroup(matrix.Columns));
        }

        if (matrix is DenseMatrix or DenseForm { Values.Format.IsCoarse: false })
        {
            return null;
        }

        using var scope = NewDisposeScope();
        if (SiteTerms.CodesOf(matrix)?.Values.Layout is not { IsAffine: false, Bits: 4 or 8 } layout)
        {
            string found = matrix is DenseForm dense
                ? dense.Values.Format.Name
                : (matrix as FormMatrix)?.Describe().Kind ?? matrix.GetType().Name;
            throw Refuse($"{place} is stored as {found}");
        }

        return matrix.Columns <= layout.GroupSize ? new QuantScheme(layout.Bits, null)
            : matrix.Columns % layout.GroupSize == 0 ? new QuantScheme(layout.Bits, layout.GroupSize)
            : throw Refuse($"{place} has {matrix.Columns} columns, which groups of {layout.GroupSize} do not divide");
    }

    private static int? RoundedGroup(long columns) =>
        GroupSizes.Cast<int?>().FirstOrDefault(size => columns % size == 0);

    private GroupCodes CodesOf(string place)
    {
        WeightMatrix matrix = _slots[place].Matrix;
        if (_rounded is not { } bits)
        {
            return SiteTerms.CodesOf(matrix)!.Values;
        }

        int group = RoundedGroup(matrix.Columns) ?? (int)matrix.Columns;
        return SiteTerms.Round(matrix.Materialize(), new IntegerFormat(bits, group, isAffine: false)).Values;
    }

    // vLLM joins these when it loads them.
    private void RequireFusible(DecoderConfig config)
    {
        KeyMap keys = config.Family.HuggingFaceKeys;
        TensorRole[][] together =
            [[TensorRole.Query, TensorRole.Key, TensorRole.Value], [TensorRole.Gate, TensorRole.Up]];
        for (int layer = 0; layer < config.Layers; layer++)
        {
            foreach (TensorRole[] roles in together)
            {
                string[] names =
                    [.. roles.Where(keys.Has).Select(role => keys.WeightName(role, layer)[..^Weight.Length])];
                if (names.Select(name => Schemes[name]).Distinct().Count() > 1)
                {
                    throw Refuse(
                        $"{string.Join(", ", names)} are stored differently, and vLLM joins them into one layer; for "
                            + "transformers alone, --quant keep leaves them as they are");
                }
            }
        }
    }

    private static ConfigurationException Refuse(string problem) => new(
        $"{Start} {problem}. Compress the model with --for vllm, or give --quant int8 or int4 to round every layer "
        + "again, or use --format hf-dense");
}
