using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Checkpoints.Quantized;

/// <summary>
/// A checkpoint that another tool has quantized, as one of ordinary weights: each is computed from its codes and scales
/// when it is read. Its bytes are those of all tensors that it is stored as.
/// </summary>
internal sealed class QuantizedCheckpoint : ITensorSource
{
    // Scales of activations and of the cache: they belong to a way of computing and not to the weights.
    private static readonly string[] ActivationEndings =
    [
        ".input_scale", ".input_zero_point", ".output_scale", ".output_zero_point", ".input_global_scale",
        ".k_scale", ".v_scale", ".q_scale", ".kv_scale", ".prob_output_scale",
    ];

    private readonly ITensorSource _stored;
    private readonly FrozenDictionary<string, QuantizedWeight> _weights;

    private QuantizedCheckpoint(ITensorSource stored, IReadOnlyCollection<QuantizedWeight> weights)
    {
        _stored = stored;
        _weights = weights.ToFrozenDictionary(weight => weight.Info.Name, StringComparer.Ordinal);
        var hidden = weights.SelectMany(weight => weight.Components).Select(tensor => tensor.Name)
            .ToFrozenSet(StringComparer.Ordinal);
        Tensors = stored.Tensors.Values
            .Where(tensor => !hidden.Contains(tensor.Name) && !IsOfActivations(tensor.Name))
            .Concat(_weights.Values.Select(weight => weight.Info))
            .ToFrozenDictionary(tensor => tensor.Name, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>How many weights are computed.</summary>
    public int Count => _weights.Count;

    /// <summary>How they are stored, for people.</summary>
    public string StoredTypes => string.Join(
        ", ", _weights.Values.Select(weight => weight.Info.DataType).Distinct().Order(StringComparer.Ordinal));

    /// <summary>Looks for quantized weights, by the configuration and by names and types of tensors.</summary>
    /// <param name="stored">The checkpoint; owned by the result when there is one.</param>
    /// <param name="config">The parsed <c>config.json</c>.</param>
    /// <param name="folder">The model folder.</param>
    /// <returns>The checkpoint of ordinary weights; null when the weights are stored as they are.</returns>
    /// <exception cref="CheckpointException">
    /// The method is not one that is read, or the tensors of a weight do not fit each other.
    /// </exception>
    public static QuantizedCheckpoint? TryOpen(ITensorSource stored, JsonObject config, string folder)
    {
        QuantizationSettings? settings = QuantizationSettings.Find(config, folder);
        RequireReadable(stored, settings, folder);
        List<QuantizedWeight> weights = [];
        foreach (string name in stored.Tensors.Keys.Order(StringComparer.Ordinal))
        {
            if (Weight(stored, name, settings) is { } weight)
            {
                weights.Add(weight);
            }
        }

        return weights.Count == 0 ? null : new QuantizedCheckpoint(stored, weights);
    }

    /// <inheritdoc/>
    public torch.Tensor Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _weights.TryGetValue(name, out QuantizedWeight? weight) ? weight.Read() : _stored.Read(name);
    }

    /// <inheritdoc/>
    public void Dispose() => _stored.Dispose();

    private static void RequireReadable(ITensorSource stored, QuantizationSettings? settings, string folder)
    {
        bool isStated = settings is not null && !QuantizationMethods.IsReadable(settings);
        foreach (TensorInfo tensor in stored.Tensors.Values)
        {
            string? method = QuantizationMethods.Trace(tensor.Name)
                ?? (isStated && HoldsCodes(tensor) ? QuantizationMethods.Title(settings!) : null)
                ?? (tensor.DataType == "U32" && HasBrother(stored, tensor, "biases") ? "MLX" : null);
            if (method is not null)
            {
                throw Refuse(tensor.File, method, tensor.Name);
            }
        }

        if (settings is { HasTransforms: true } or { SparseFormat: not null })
        {
            throw Refuse(
                folder,
                settings.SparseFormat is { } sparse ? $"the sparse format {sparse}" : "rotations (transform_config)");
        }
    }

    private static QuantizedWeight? Weight(ITensorSource stored, string name, QuantizationSettings? settings)
    {
        int dot = name.LastIndexOf('.');
        string module = dot < 0 ? string.Empty : name[..dot];
        TensorInfo tensor = stored.Tensors[name];
        return name[(dot + 1)..] switch
        {
            PackedWeight.CodesName when tensor.DataType == "I32" => new PackedWeight(stored, module),
            PackedWeight.CodesName => throw Refuse(tensor.File, "4-bit floating point (NVFP4 or MXFP4)", name),
            AwqWeight.CodesName when tensor.DataType == "I32" => OfGroups(stored, module, settings),
            "weight" when tensor.DataType == "I8" || IsFloat8(tensor) => OfBytes(stored, module, settings),
            _ => null,
        };
    }

    private static QuantizedWeight OfGroups(ITensorSource stored, string module, QuantizationSettings? settings)
    {
        string file = stored.Tensors[$"{module}.{AwqWeight.CodesName}"].File;
        if (settings?.Method == "awq" || (settings?.Method != "gptq" && AwqWeight.IsPackedAlongOutput(stored, module)))
        {
            return settings is null or { AwqVersion: "gemm" }
                ? new AwqWeight(stored, module)
                : throw Refuse(file, $"AWQ in the layout {settings.AwqVersion}");
        }

        string format = settings?.GptqFormat ?? "gptq";
        return format is "gptq" or "gptq_v2"
            ? new GptqWeight(stored, module, isSecondVersion: format == "gptq_v2")
            : throw Refuse(file, $"GPTQ in the format {format}");
    }

    private static ScaledWeight? OfBytes(ITensorSource stored, string module, QuantizationSettings? settings)
    {
        // Float8 without a scale is a number like any other, unless the configuration promises one.
        TensorInfo codes = stored.Tensors[$"{module}.weight"];
        return ScaledWeight.HasScale(stored, module) ? new ScaledWeight(stored, module, settings)
            : settings is null && IsFloat8(codes) ? null
            : throw new CheckpointException(
                codes.File,
                $"tensor \"{codes.Name}\" holds {codes.DataType} codes, but there is no \"{module}.weight_scale\" with "
                + "their scales; give the unquantized checkpoint");
    }

    private static bool IsFloat8(TensorInfo tensor) => tensor.DataType.StartsWith("F8_", StringComparison.Ordinal);

    private static bool HoldsCodes(TensorInfo tensor) => tensor.Shape.Length >= 1
        && (tensor.DataType is "I8" or "U8" or "I16" or "I32" or "U32" or "F4" || IsFloat8(tensor));

    private static bool HasBrother(ITensorSource stored, TensorInfo tensor, string ending) =>
        tensor.Name.EndsWith(".weight", StringComparison.Ordinal)
        && stored.Tensors.ContainsKey(tensor.Name[..^"weight".Length] + ending);

    private static bool IsOfActivations(string name) =>
        Array.Exists(ActivationEndings, ending => name.EndsWith(ending, StringComparison.Ordinal));

    private static CheckpointException Refuse(string file, string method, string? tensor = null) => new(
        file,
        $"the weights are quantized by {method}{(tensor is null ? "" : $" (tensor \"{tensor}\")")}, which is not read; "
        + "give the unquantized checkpoint (FP8, INT8, pack-quantized, GPTQ and AWQ are read)");
}
