using System.Collections.Immutable;
using static Hypercompress.Models.Architectures.TensorRole;

namespace Hypercompress.Models.Architectures.Families;

/// <summary>
/// Gemma 2, and the text model of Gemma 3: norms on both sides of each block, weights of norms around zero, scaled
/// embeddings, layers with a window between layers without.
/// </summary>
internal static class GemmaFamilies
{
    private const string Layer = "model.layers.{layer}.";

    private static readonly ImmutableArray<TensorRole> LayerNorms =
        [AttentionNorm, AttentionPostNorm, MlpNorm, MlpPostNorm, FinalNorm];

    private static readonly ImmutableArray<TensorKey> Names =
    [
        .. StandardKeys.Ends, .. StandardKeys.Attention, .. StandardKeys.GatedMlp,
        new(Layer + "input_layernorm", AttentionNorm), new(Layer + "post_attention_layernorm", AttentionPostNorm),
        new(Layer + "pre_feedforward_layernorm", MlpNorm), new(Layer + "post_feedforward_layernorm", MlpPostNorm),
    ];

    private static readonly ImmutableArray<TensorKey> GgufNames =
        [.. StandardKeys.GgufEnds, .. StandardKeys.GgufAttention, .. StandardKeys.GgufGatedMlp];

    private static readonly ConfigKeys Keys = new()
    {
        HeadDimension = new("head_dim", 256),
        Activation = new("hidden_activation", "gelu_pytorch_tanh"),
        TieEmbeddings = new("tie_word_embeddings", true),
        AttentionBias = new("attention_bias", false),
        AttentionOutputBias = new("attention_bias", false),
        QueryScalar = new("query_pre_attn_scalar", 256),
        Refused = ["use_bidirectional_attention"],
    };

    private static readonly ImmutableArray<GgufKey> Metadata =
    [
        new("attention.sliding_window", "sliding_window", ZeroMeansNone: true),
        new("attn_logit_softcapping", "attn_logit_softcapping"),
        new("final_logit_softcapping", "final_logit_softcapping"),
    ];

    /// <summary>Gemma 2: soft caps on attention and logits, every second layer with a window.</summary>
    public static ArchitectureFamily Gemma2 { get; } = new(
        "gemma2",
        "Gemma2ForCausalLM",
        "gemma2",
        new(Names) { OptionalPrefix = StandardKeys.Prefix, BufferEndings = StandardKeys.Buffers },
        new([.. GgufNames, .. StandardKeys.GgufNorms(LayerNorms, added: 1)]))
    {
        Norm = NormKind.RmsPlusOne,
        ScalesEmbedding = true,
        WideQueryLayers = 46,
        GgufMetadata = Metadata,
        Config = Keys with
        {
            MaxPositions = new("max_position_embeddings", 8192),
            AttentionSoftCap = new("attn_logit_softcapping", 50),
            LogitSoftCap = new("final_logit_softcapping", 30),
            Window = new(WindowKind.AllButEveryNth, new("sliding_window", 4096), new(null, true))
            { Count = new(null, 2) },
        },
    };

    /// <summary>Gemma 3: norms of queries and keys, another base of rotation in layers with a window.</summary>
    public static ArchitectureFamily Gemma3 { get; } = new(
        "gemma3_text",
        "Gemma3ForCausalLM",
        "gemma3",
        new([.. Names, .. StandardKeys.QueryKeyNorms])
        {
            OptionalPrefix = StandardKeys.Prefix,
            BufferEndings = StandardKeys.Buffers,
        },
        new([.. GgufNames, .. StandardKeys.GgufNorms([.. LayerNorms, QueryNorm, KeyNorm], added: 1)]))
    {
        Norm = NormKind.RmsPlusOne,
        ScalesEmbedding = true,
        WideQueryLayers = 62,
        GgufMetadata = [.. Metadata, new("attention.sliding_window_pattern", "sliding_window_pattern")],
        Config = Keys with
        {
            MaxPositions = new("max_position_embeddings", 131072),
            RopeTheta = new("rope_theta", 1_000_000),
            LocalRopeTheta = new("rope_local_base_freq", 10000),
            AttentionSoftCap = new("attn_logit_softcapping", null),
            LogitSoftCap = new("final_logit_softcapping", null),
            Window = new(WindowKind.AllButEveryNth, new("sliding_window", 4096), new(null, true))
            {
                Count = new("sliding_window_pattern", 6),
                OtherCountName = "_sliding_window_pattern",
            },
        },
    };
}
