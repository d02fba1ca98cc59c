using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Packages.Adapters;

/// <summary>The <c>adapter_config.json</c> of a LoRA adapter, as PEFT writes it.</summary>
internal sealed class AdapterConfig
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "adapter_config.json";

    // What makes another product of the factors than the plain one.
    private static readonly (string Key, string Title)[] Variants =
    [
        ("use_dora", "DoRA"), ("use_qalora", "QALoRA"), ("lora_bias", "a LoRA with biases of its own (lora_bias)"),
        ("layer_replication", "a LoRA with replicated layers"), ("use_bdlora", "a block-diagonal LoRA"),
    ];

    private readonly JsonObject _fields;
    private readonly string _path;

    private AdapterConfig(JsonObject fields, string path) => (_fields, _path) = (fields, path);

    /// <summary>The model that the adapter was made for; null when it is not stated.</summary>
    public string? BaseName => Text("base_model_name_or_path");

    /// <summary>Whether the weights that it changes are stored as [in, out].</summary>
    public bool IsFanInFanOut => IsSet("fan_in_fan_out");

    /// <summary>Reads the file.</summary>
    /// <param name="folder">The adapter's folder.</param>
    /// <returns>The checked configuration.</returns>
    /// <exception cref="CheckpointException">It is malformed, or of an adapter that cannot be merged here.</exception>
    public static AdapterConfig Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        var config = new AdapterConfig(JsonFile.ReadObject(path), path);
        string type = config.Text("peft_type") ?? "LORA";
        string? variant = type != "LORA" ? $"a {type} adapter"
            : Array.Find(Variants, variant => config.IsSet(variant.Key)).Title;
        return variant is null ? config : throw Refuse(path, variant);
    }

    /// <summary>The failure for an adapter that is not a plain LoRA.</summary>
    /// <param name="path">The file that states it.</param>
    /// <param name="variant">What it is.</param>
    /// <returns>The exception, for throwing.</returns>
    public static CheckpointException Refuse(string path, string variant) => new(
        path, $"is {variant}, which is not merged; merge it with PEFT (merge_and_unload()) and give the model");

    /// <summary>The scale of the product of a module's factors.</summary>
    /// <param name="module">The module's name.</param>
    /// <param name="rank">Its rank.</param>
    /// <returns>alpha / rank, or alpha / √rank (rsLoRA).</returns>
    /// <exception cref="CheckpointException">There is no alpha, or a pattern is malformed.</exception>
    public double Scale(string module, long rank)
    {
        double alpha = PatternNumber("alpha_pattern", module) ?? Number(_fields["lora_alpha"])
            ?? throw new CheckpointException(_path, "\"lora_alpha\" must be a number");
        return alpha / (IsSet("use_rslora") ? Math.Sqrt(rank) : rank);
    }

    private double? PatternNumber(string key, string module)
    {
        if (_fields[key] is not JsonObject patterns)
        {
            return null;
        }

        foreach ((string pattern, JsonNode? value) in patterns)
        {
            try
            {
                if (Regex.IsMatch(module, $@"^(.*\.)?({pattern})$", RegexOptions.NonBacktracking))
                {
                    return Number(value);
                }
            }
            catch (Exception e) when (e is ArgumentException or NotSupportedException)
            {
                throw new CheckpointException(
                    _path, $"\"{key}\" has the pattern {pattern}, which is not read: {e.Message}", e);
            }
        }

        return null;
    }

    private bool IsSet(string key) => _fields[key] is JsonNode node
        && node.GetValueKind() is not (JsonValueKind.False or JsonValueKind.Null)
        && node is not JsonArray { Count: 0 };

    private string? Text(string key) =>
        _fields[key] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    private static double? Number(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number) ? number : null;
}
