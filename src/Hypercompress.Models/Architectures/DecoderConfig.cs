using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Architectures;

/// <summary>The sizes and choices that make a decoder, read from a Hugging Face <c>config.json</c>.</summary>
public sealed record DecoderConfig
{
    /// <summary>How its checkpoints name their tensors.</summary>
    public required ArchitectureFamily Family { get; init; }

    /// <summary>The <c>model_type</c>, such as <c>llama</c>.</summary>
    public string ModelType => Family.ModelType;

    /// <summary>Width of the residual stream.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Number of decoder layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Number of key/value heads; divides <see cref="Heads"/>.</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head; even.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>Width of the feed-forward block.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>What is added to the mean square in norms; 1e-6 unless stated.</summary>
    public double RmsNormEpsilon { get; init; } = 1e-6;

    /// <summary>Rotary position embedding.</summary>
    public required RopeSettings Rope { get; init; }

    /// <summary>The longest sequence, in tokens; 2048 unless stated.</summary>
    public int MaxPositions { get; init; } = 2048;

    /// <summary>Whether the embedding is also the output projection.</summary>
    public bool TieEmbeddings { get; init; }

    /// <summary>Whether the query, key, value and attention output projections have biases.</summary>
    public bool AttentionBias { get; init; }

    /// <summary>Whether the feed-forward projections have biases.</summary>
    public bool MlpBias { get; init; }

    /// <summary>Nonlinearity of the feed-forward block.</summary>
    public Activation Activation { get; init; } = Activation.Silu;

    /// <summary>Begin-of-sequence id, when there is one.</summary>
    public int? BosTokenId { get; init; }

    /// <summary>The ids that end a sequence; may be empty.</summary>
    public ImmutableArray<int> EosTokenIds { get; init; } = [];

    /// <summary>Rows of the query projection.</summary>
    public int QueryRows => Heads * HeadDimension;

    /// <summary>Rows of the key projection, and of the value projection.</summary>
    public int KeyRows => KeyValueHeads * HeadDimension;

    /// <summary>Reads a configuration in the spelling of transformers 4 or 5.</summary>
    /// <param name="config">The parsed <c>config.json</c>.</param>
    /// <param name="file">Where it came from; errors name it.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="CheckpointException">
    /// A key is missing, has the wrong kind of value or one out of range, or the model type is not supported.
    /// </exception>
    public static DecoderConfig Parse(JsonObject config, string file)
    {
        ArgumentNullException.ThrowIfNull(config);
        var fields = new JsonFields(config, file);
        int heads = fields.Size("num_attention_heads");
        int maxPositions = fields.OptionalSize("max_position_embeddings") ?? 2048;
        ImmutableArray<int> bos = fields.TokenIds("bos_token_id");
        return new DecoderConfig
        {
            Family = ReadFamily(fields, file),
            HiddenSize = fields.Size("hidden_size"),
            Layers = fields.Size("num_hidden_layers"),
            Heads = heads,
            KeyValueHeads = ReadKeyValueHeads(fields, heads),
            HeadDimension = ReadHeadDimension(fields, heads),
            IntermediateSize = fields.Size("intermediate_size"),
            VocabularySize = fields.Size("vocab_size"),
            RmsNormEpsilon = ReadEpsilon(fields),
            Rope = RopeSettings.Read(fields, maxPositions),
            MaxPositions = maxPositions,
            TieEmbeddings = fields.Flag("tie_word_embeddings", false),
            AttentionBias = fields.Flag("attention_bias", false),
            MlpBias = fields.Flag("mlp_bias", false),
            Activation = ReadActivation(fields),
            BosTokenId = bos.IsEmpty ? null : bos[0],
            EosTokenIds = fields.TokenIds("eos_token_id"),
        };
    }

    private static ArchitectureFamily ReadFamily(JsonFields fields, string file)
    {
        string modelType = fields.OptionalText("model_type")
            ?? throw new CheckpointException(file, $"\"model_type\" is missing; supported: {Supported()}");
        return ArchitectureFamily.ByModelType(modelType)
            ?? throw fields.Invalid("model_type", $"must be one of: {Supported()}", modelType);
    }

    private static string Supported() => string.Join(", ", ArchitectureFamily.All.Select(family => family.ModelType));

    private static int ReadKeyValueHeads(JsonFields fields, int heads)
    {
        int keyValueHeads = fields.OptionalSize("num_key_value_heads") ?? heads;
        return heads % keyValueHeads == 0
            ? keyValueHeads
            : throw fields.Invalid("num_key_value_heads", $"must divide num_attention_heads ({heads})", keyValueHeads);
    }

    private static int ReadHeadDimension(JsonFields fields, int heads)
    {
        int hidden = fields.Size("hidden_size");
        int? stated = fields.OptionalSize("head_dim");
        if (stated is null && hidden % heads != 0)
        {
            throw fields.Invalid("hidden_size", $"must be a multiple of num_attention_heads ({heads})", hidden);
        }

        int dimension = stated ?? hidden / heads;
        return dimension % 2 == 0 ? dimension : throw fields.Invalid("head_dim", "must be even", dimension);
    }

    private static double ReadEpsilon(JsonFields fields)
    {
        double epsilon = fields.OptionalNumber("rms_norm_eps") ?? 1e-6;
        return epsilon > 0 ? epsilon : throw fields.Invalid("rms_norm_eps", "must be above 0", epsilon);
    }

    private static Activation ReadActivation(JsonFields fields)
    {
        string name = fields.OptionalText("hidden_act") ?? "silu";
        return name switch
        {
            "silu" or "swish" => Activation.Silu,
            "gelu" => Activation.Gelu,
            "gelu_pytorch_tanh" or "gelu_new" => Activation.GeluTanh,
            "relu" => Activation.Relu,
            _ => throw fields.Invalid("hidden_act", "must be one of silu, gelu, gelu_pytorch_tanh, relu", name),
        };
    }
}
