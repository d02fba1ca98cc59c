using System.Text.Json;
using System.Text.Json.Nodes;

namespace Hypercompress.Models.Checkpoints.Quantized;

/// <summary>The description of a quantization in the files beside the weights.</summary>
/// <param name="Method">The <c>quant_method</c> in lower case, such as <c>gptq</c>.</param>
/// <param name="Fields">The section that states it.</param>
internal sealed record QuantizationSettings(string Method, JsonObject Fields)
{
    /// <summary>The key of <c>config.json</c> that most tools write.</summary>
    public const string Key = "quantization_config";

    private const string OlderKey = "compression_config";
    private const string MlxKey = "quantization";
    private const string GptqFile = "quantize_config.json";
    private const string AwqFile = "quant_config.json";
    private const string ModelOptFile = "hf_quant_config.json";

    /// <summary>
    /// Looks for the settings in the configuration, and in the files that older tools write beside it.
    /// </summary>
    /// <param name="config">The parsed <c>config.json</c>.</param>
    /// <param name="folder">The model folder.</param>
    /// <returns>The settings, or null when nothing states any.</returns>
    public static QuantizationSettings? Find(JsonObject config, string folder)
    {
        if ((config[Key] ?? config[OlderKey]) is JsonObject section)
        {
            return new QuantizationSettings(MethodOf(section), section);
        }

        if (config[MlxKey] is JsonObject mlx && mlx.ContainsKey("bits"))
        {
            return new QuantizationSettings("mlx", mlx);
        }

        return FromFile(folder, GptqFile, "gptq") ?? FromFile(folder, AwqFile, "awq")
            ?? FromFile(folder, ModelOptFile, "modelopt");
    }

    /// <summary>Removes from a configuration what states that the weights are quantized.</summary>
    /// <param name="config">The parsed <c>config.json</c>; changed.</param>
    public static void Remove(JsonObject config)
    {
        config.Remove(Key);
        config.Remove(OlderKey);
        config.Remove(MlxKey);
    }

    /// <summary>The layout of GPTQ weights: <c>gptq</c> (the default), <c>gptq_v2</c>, <c>marlin</c>, ….</summary>
    public string GptqFormat => Text(Fields, "checkpoint_format") ?? (IsTrue("is_marlin_format") ? "marlin" : "gptq");

    /// <summary>The layout of AWQ weights: <c>gemm</c> unless stated.</summary>
    public string AwqVersion => Text(Fields, "version")?.ToLowerInvariant() ?? "gemm";

    /// <summary>Rows and columns that share a scale, where they are stated.</summary>
    public (long Rows, long Columns)? BlockSize =>
        Pair(Fields["weight_block_size"]) ?? Groups().Select(group => Pair(group["block_structure"])).FirstOrDefault(
            pair => pair is not null);

    /// <summary>Whether inputs or weights are rotated at run time, which no stored tensor shows.</summary>
    public bool HasTransforms => Fields["transform_config"] is JsonObject { Count: > 0 };

    /// <summary>How zeros are left out of the stored weights; null when none are.</summary>
    public string? SparseFormat => Fields["sparsity_config"] is JsonObject section
        && Text(section, "format") is { } format && format != "dense"
        ? format
        : null;

    /// <summary>A text of the section.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>The text, or null when it is absent or of another kind.</returns>
    public string? Text(string key) => Text(Fields, key);

    /// <summary>Whether a flag of the section is set.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>False also when it is absent.</returns>
    public bool IsTrue(string key) => Fields[key]?.GetValueKind() == JsonValueKind.True;

    private static string MethodOf(JsonObject section)
    {
        string? stated = Text(section, "quant_method")?.ToLowerInvariant();
        bool isBitsAndBytes = section.ContainsKey("load_in_8bit") || section.ContainsKey("load_in_4bit");
        return stated ?? (section.ContainsKey("config_groups") ? "compressed-tensors"
            : isBitsAndBytes ? "bitsandbytes" : "unnamed");
    }

    private static QuantizationSettings? FromFile(string folder, string name, string method)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? new QuantizationSettings(method, JsonFile.ReadObject(path)) : null;
    }

    private IEnumerable<JsonObject> Groups() => Fields["config_groups"] is JsonObject groups
        ? groups.Select(group => group.Value?["weights"]).OfType<JsonObject>()
        : [];

    private static (long, long)? Pair(JsonNode? node) =>
        node is JsonArray { Count: 2 } pair && Size(pair[0]) is { } rows && Size(pair[1]) is { } columns
            ? (rows, columns)
            : null;

    private static long? Size(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out long size) && size > 0 ? size : null;

    private static string? Text(JsonObject section, string key) =>
        section[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
