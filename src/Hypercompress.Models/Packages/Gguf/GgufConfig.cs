using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Families;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Packages.Gguf;

/// <summary>Turns the metadata of a GGUF file into the Hugging Face configuration of the same model.</summary>
internal sealed class GgufConfig
{
    private readonly GgufFile _file;
    private readonly string _path;
    private readonly ArchitectureFamily _family;
    private readonly string _prefix;

    private GgufConfig(GgufFile file, string path, ArchitectureFamily family) =>
        (_file, _path, _family, _prefix) = (file, path, family, family.GgufArchitecture + ".");

    private GgufMetadata Metadata => _file.Metadata;

    private ConfigKeys Keys => _family.Config;

    /// <summary>The family of a file.</summary>
    /// <exception cref="CheckpointException">The architecture is not supported.</exception>
    public static ArchitectureFamily Family(GgufFile file, string path)
    {
        string architecture = file.Metadata.GetString("general.architecture");
        string supported = string.Join(
            ", ", ArchitectureFamilies.All.Select(family => family.GgufArchitecture).OfType<string>());
        return ArchitectureFamilies.ByGgufArchitecture(architecture) ?? throw new CheckpointException(
            path, $"\"general.architecture\" must be one of: {supported}, found {architecture}");
    }

    /// <summary>The configuration.</summary>
    /// <exception cref="CheckpointException">A key is missing or asks for what is not supported.</exception>
    public static JsonObject Read(GgufFile file, string path, ArchitectureFamily family) =>
        new GgufConfig(file, path, family).Read();

    private JsonObject Read()
    {
        long hidden = Metadata.GetInteger(_prefix + "embedding_length");
        long heads = Uniform("attention.head_count");
        long headDimension = HeadDimension(hidden, heads);
        var config = new JsonObject
        {
            ["architectures"] = new JsonArray(_family.ModelClass),
            ["model_type"] = _family.ModelType,
            [Keys.HiddenSize] = hidden,
            [Keys.IntermediateSize] = Uniform("feed_forward_length"),
            [Keys.Layers] = Layers(),
            [Keys.Heads] = heads,
            [Keys.Activation.Name!] = Keys.Activation.Default,
            [Keys.NormEpsilon.Name!] = Epsilon(),
            [Keys.MaxPositions.Name!] = Metadata.GetInteger(_prefix + "context_length"),
            ["tie_word_embeddings"] = IsTied(),
            ["vocab_size"] = VocabularySize(),
            ["initializer_range"] = 0.02,
            ["use_cache"] = true,
            ["torch_dtype"] = "float16",
        };
        AddHeads(config, heads, headDimension, hidden);
        AddBiases(config);
        AddRope(config, headDimension);
        AddOwn(config);
        AddTokenIds(config);
        return config;
    }

    /// <summary>A number of layers that is only claimed must not decide how much is laid out.</summary>
    private long Layers()
    {
        long layers = Metadata.GetInteger(_prefix + "block_count");
        return layers <= _file.Tensors.Count
            ? layers
            : throw Unsupported("block_count", $"at most the number of tensors ({_file.Tensors.Count})", layers);
    }

    private double Epsilon()
    {
        string name = _family.Norm == NormKind.Layer ? "layer_norm_epsilon" : "layer_norm_rms_epsilon";
        return Number("attention." + name) ?? throw Unsupported("attention." + name, "a number", "nothing");
    }

    private long VocabularySize()
    {
        string embedding = _family.GgufKeys.WeightName(TensorRole.Embedding, null);
        return _file.Tensors.TryGetValue(embedding, out TensorInfo? rows) && rows.Shape.Length == 2
            ? rows.Shape[0]
            : throw new CheckpointException(_path, $"tensor \"{embedding}\" is missing or no matrix");
    }

    /// <summary>
    /// Whether the embedding is the output projection: there is none, or, as converters write for families that always
    /// tie, it is a copy of the embedding.
    /// </summary>
    private bool IsTied()
    {
        string head = _family.GgufKeys.WeightName(TensorRole.Head, null);
        string embedding = _family.GgufKeys.WeightName(TensorRole.Embedding, null);
        return !Has(head) || (Keys.TieEmbeddings.Default && Has(embedding) && _file.AreEqual(embedding, head));
    }

    private void AddHeads(JsonObject config, long heads, long headDimension, long hidden)
    {
        if (Keys.KeyValueHeads is { } keyValueHeads)
        {
            config[keyValueHeads] = Metadata.FindIntegers(_prefix + "attention.head_count_kv") is null
                ? heads
                : Uniform("attention.head_count_kv");
        }

        if (Keys.HeadDimension.Name is { } name)
        {
            config[name] = headDimension;
        }

        if (Keys.QueryScalar.Name is { } scalar)
        {
            config[scalar] = Layers() == _family.WideQueryLayers ? hidden / Math.Max(heads, 1) : headDimension;
        }
    }

    private void AddBiases(JsonObject config)
    {
        if (Keys.AttentionBias.Name is { } attention)
        {
            config[attention] = Has(_family.GgufKeys.BiasName(TensorRole.Query, 0));
        }

        if (Keys.MlpBias.Name is { } mlp)
        {
            config[mlp] = Has(_family.GgufKeys.BiasName(TensorRole.Up, 0));
        }
    }

    private void AddRope(JsonObject config, long headDimension)
    {
        if (Keys.RopeTheta is not { } theta)
        {
            return;
        }

        config[theta.Name!] = Number("rope.freq_base") ?? theta.Default;
        config["rope_scaling"] = new GgufRope(_file, _path, _prefix).Read(headDimension);
        long rotated = Metadata.FindInteger(_prefix + "rope.dimension_count") ?? headDimension;
        if (Keys.RotaryFraction.Name is { } fraction)
        {
            config[fraction] = Share(rotated, headDimension);
        }
        else if (rotated != headDimension)
        {
            throw Unsupported("rope.dimension_count", $"the width of a head ({headDimension})", rotated);
        }

        if (Keys.LocalRopeTheta is { } local)
        {
            config[local.Name!] = Number("rope.freq_base_swa") ?? local.Default;
        }
    }

    /// <summary>A share such that the share of the whole, rounded down, is the part.</summary>
    private static double Share(long part, long whole)
    {
        double share = (double)part / whole;
        return (long)(whole * share) < part ? Math.BitIncrement(share) : share;
    }

    private void AddOwn(JsonObject config)
    {
        foreach (GgufKey key in _family.GgufMetadata)
        {
            switch (Metadata.Values.GetValueOrDefault(_prefix + key.Name))
            {
                case null:
                    break;
                case Array flags:
                    config["layer_types"] = LayerTypes(key, flags);
                    break;
                case bool flag:
                    config[key.ConfigName] = flag;
                    break;
                default:
                    double? number = Number(key.Name);
                    config[key.ConfigName] = number == 0 && key.ZeroMeansNone ? null : number;
                    break;
            }
        }
    }

    /// <summary>A pattern that lists for each layer whether it has a window.</summary>
    private JsonArray LayerTypes(GgufKey key, Array flags)
    {
        IEnumerable<bool> windowed = flags as bool[]
            ?? Metadata.GetIntegers(_prefix + key.Name).Select(flag => flag != 0);
        return [.. windowed.Select(has => (JsonNode)(has ? "sliding_attention" : "full_attention"))];
    }

    private double? Number(string key) => Metadata.FindNumber(_prefix + key) is not { } stored ? null
        : double.IsFinite(stored) ? Shortest(stored)
        : throw Unsupported(key, "a finite number", stored);

    private void AddTokenIds(JsonObject config)
    {
        if (TokenId("bos") is { } bos)
        {
            config["bos_token_id"] = bos;
        }

        long[] ends = [.. new[] { "eos", "eot" }
            .Select(TokenId)
            .OfType<long>()
            .Distinct()];
        if (ends.Length > 0)
        {
            config["eos_token_id"] = ends.Length == 1
                ? ends[0]
                : new JsonArray([.. ends.Select(id => (JsonNode)id)]);
        }
    }

    /// <summary>A token id; null also for -1, in 32 bits or more, as some write it that have none.</summary>
    private long? TokenId(string name) =>
        Metadata.FindInteger($"tokenizer.ggml.{name}_token_id") is { } id and not (-1 or uint.MaxValue) ? id : null;

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
        long share = hidden / Math.Max(heads, 1);
        long dimension = Metadata.FindInteger(_prefix + "attention.key_length") ?? share;
        long values = Metadata.FindInteger(_prefix + "attention.value_length") ?? dimension;
        if (values != dimension)
        {
            throw Unsupported("attention.value_length", $"the width of a head ({dimension})", values);
        }

        return dimension > 0 && (dimension == share || Keys.HeadDimension.Name is not null)
            ? dimension
            : throw Unsupported("attention.key_length", $"the width that falls to a head ({share})", dimension);
    }

    /// <summary>The number that was meant: 1e-5 stored in 32 bits is 9.99999974e-6 in 64.</summary>
    internal static double Shortest(double stored) =>
        double.Parse(((float)stored).ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private CheckpointException Unsupported(string key, string wanted, object found) => new(
        _path, string.Create(CultureInfo.InvariantCulture, $"\"{_prefix}{key}\" must be {wanted}, found {found}"));
}
