using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Packages;

/// <summary>Turns the metadata of a GGUF file into the Hugging Face configuration of the same model.</summary>
internal sealed class GgufConfig
{
    private readonly GgufFile _file;
    private readonly string _path;
    private readonly string _prefix;

    private GgufConfig(GgufFile file, string path, ArchitectureFamily family) =>
        (_file, _path, _prefix) = (file, path, family.GgufArchitecture + ".");

    private GgufMetadata Metadata => _file.Metadata;

    /// <summary>The family of a file.</summary>
    /// <exception cref="CheckpointException">The architecture is not supported.</exception>
    public static ArchitectureFamily Family(GgufFile file, string path)
    {
        string architecture = file.Metadata.GetString("general.architecture");
        string supported = string.Join(", ", ArchitectureFamily.All.Select(family => family.GgufArchitecture));
        return ArchitectureFamily.ByGgufArchitecture(architecture) ?? throw new CheckpointException(
            path, $"\"general.architecture\" must be one of: {supported}, found {architecture}");
    }

    /// <summary>The configuration.</summary>
    /// <exception cref="CheckpointException">A key is missing or asks for what is not supported.</exception>
    public static JsonObject Read(GgufFile file, string path, ArchitectureFamily family) =>
        new GgufConfig(file, path, family).Read(family);

    private JsonObject Read(ArchitectureFamily family)
    {
        long hidden = Metadata.GetInteger(_prefix + "embedding_length");
        long heads = Uniform("attention.head_count");
        long headDimension = HeadDimension(hidden, heads);
        string embedding = family.GgufKeys.WeightName(TensorRole.Embedding, null);
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(family.ModelClass),
            ["model_type"] = family.ModelType,
            ["hidden_size"] = hidden,
            ["intermediate_size"] = Uniform("feed_forward_length"),
            ["num_hidden_layers"] = Metadata.GetInteger(_prefix + "block_count"),
            ["num_attention_heads"] = heads,
            ["num_key_value_heads"] = Metadata.FindIntegers(_prefix + "attention.head_count_kv") is null
                ? heads
                : Uniform("attention.head_count_kv"),
            ["head_dim"] = headDimension,
            ["hidden_act"] = "silu",
            ["rms_norm_eps"] = Shortest(Metadata.GetNumber(_prefix + "attention.layer_norm_rms_epsilon")),
            ["max_position_embeddings"] = Metadata.GetInteger(_prefix + "context_length"),
            ["rope_theta"] = Shortest(Metadata.FindNumber(_prefix + "rope.freq_base") ?? 10000),
            ["rope_scaling"] = RopeScaling(headDimension),
            ["attention_bias"] = Has(family.GgufKeys.BiasName(TensorRole.Query, 0)),
            ["mlp_bias"] = Has(family.GgufKeys.BiasName(TensorRole.Gate, 0)),
            ["tie_word_embeddings"] = !Has(family.GgufKeys.WeightName(TensorRole.Head, null)),
            ["vocab_size"] = _file.Tensors.TryGetValue(embedding, out TensorInfo? rows) && rows.Shape.Length == 2
                ? rows.Shape[0]
                : throw new CheckpointException(_path, $"tensor \"{embedding}\" is missing or no matrix"),
            ["initializer_range"] = 0.02,
            ["use_cache"] = true,
            ["torch_dtype"] = "float16",
        };
        AddTokenIds(config);
        return config;
    }

    private void AddTokenIds(JsonObject config)
    {
        if (Metadata.FindInteger("tokenizer.ggml.bos_token_id") is long bos)
        {
            config["bos_token_id"] = bos;
        }

        long[] ends = [.. new[] { "eos", "eot" }
            .Select(name => Metadata.FindInteger($"tokenizer.ggml.{name}_token_id"))
            .OfType<long>()
            .Distinct()];
        if (ends.Length > 0)
        {
            config["eos_token_id"] = ends.Length == 1
                ? ends[0]
                : new JsonArray([.. ends.Select(id => (JsonNode)id)]);
        }
    }

    private bool Has(string tensor) => _file.Tensors.ContainsKey(tensor);

    /// <summary>A number that may be listed once a layer, but has to be the same in all.</summary>
    private long Uniform(string key)
    {
        IReadOnlyList<long> values = Metadata.GetIntegers(_prefix + key);
        return values.Count > 0 && values.All(value => value == values[0])
            ? values[0]
            : throw Unsupported(key, "the same number in all layers", string.Join(", ", values));
    }

    private long HeadDimension(long hidden, long heads)
    {
        long dimension = Metadata.FindInteger(_prefix + "attention.key_length") ?? (hidden / Math.Max(heads, 1));
        foreach (string key in new[] { "attention.value_length", "rope.dimension_count" })
        {
            long stated = Metadata.FindInteger(_prefix + key) ?? dimension;
            if (stated != dimension)
            {
                throw Unsupported(key, $"the width of a head ({dimension})", stated);
            }
        }

        return dimension;
    }

    private JsonObject? RopeScaling(long headDimension)
    {
        if (Has(LlamaRopeFactors.TensorName))
        {
            return LlamaRopeFactors.Recognise(
                _file, _path, Metadata.FindNumber(_prefix + "rope.freq_base") ?? 10000, headDimension);
        }

        string type = Metadata.FindString(_prefix + "rope.scaling.type") ?? "none";
        return type switch
        {
            "none" => null,
            "linear" => new JsonObject { ["rope_type"] = "linear", ["factor"] = ScalingFactor() },
            "yarn" => new JsonObject
            {
                ["rope_type"] = "yarn",
                ["factor"] = ScalingFactor(),
                ["original_max_position_embeddings"] =
                    Metadata.GetInteger(_prefix + "rope.scaling.original_context_length"),
            },
            _ => throw Unsupported("rope.scaling.type", "none, linear or yarn", type),
        };
    }

    private double ScalingFactor() => Shortest(Metadata.GetNumber(_prefix + "rope.scaling.factor"));

    /// <summary>The number that was meant: 1e-5 stored in 32 bits is 9.99999974e-6 in 64.</summary>
    private static double Shortest(double stored) =>
        double.Parse(((float)stored).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private CheckpointException Unsupported(string key, string wanted, object found) => new(
        _path, string.Create(CultureInfo.InvariantCulture, $"\"{_prefix}{key}\" must be {wanted}, found {found}"));
}
