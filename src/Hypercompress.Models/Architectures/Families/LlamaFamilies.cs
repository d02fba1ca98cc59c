using static Hypercompress.Models.Architectures.TensorRole;

namespace Hypercompress.Models.Architectures.Families;

/// <summary>
/// Llama 1 to 3.2, SmolLM 1 and 2, TinyLlama and all else that is stored as <c>llama</c>; Mistral, which adds a window;
/// SmolLM3, which leaves some layers without rotation.
/// </summary>
internal static class LlamaFamilies
{
    private static readonly KeyMap HuggingFace = new(
        [
            .. StandardKeys.Ends, .. StandardKeys.PreNorms, .. StandardKeys.Attention, .. StandardKeys.GatedMlp,
        ])
    {
        OptionalPrefix = StandardKeys.Prefix,
        BufferEndings = StandardKeys.Buffers,
    };

    private static readonly KeyMap Gguf = new(
    [
        .. StandardKeys.GgufEnds, .. StandardKeys.GgufNorms([AttentionNorm, MlpNorm, FinalNorm]),
        .. StandardKeys.GgufPairedAttention, .. StandardKeys.GgufGatedMlp,
    ]);

    /// <summary>Llama.</summary>
    public static ArchitectureFamily Llama { get; } = new("llama", "LlamaForCausalLM", "llama", HuggingFace, Gguf)
    {
        Config = new()
        {
            AttentionBias = new("attention_bias", false),
            AttentionOutputBias = new("attention_bias", false),
            MlpBias = new("mlp_bias", false),
        },
    };

    /// <summary>Mistral; llama.cpp stores it as <c>llama</c>, without its window.</summary>
    public static ArchitectureFamily Mistral { get; } = new("mistral", "MistralForCausalLM", null, HuggingFace, Gguf)
    {
        Config = new()
        {
            MaxPositions = new("max_position_embeddings", 131072),
            Window = new(WindowKind.All, new("sliding_window", 4096), new(null, true)) { HonoursLayerTypes = false },
        },
    };

    /// <summary>SmolLM3.</summary>
    public static ArchitectureFamily SmolLm3 { get; } =
        new("smollm3", "SmolLM3ForCausalLM", "smollm3", HuggingFace, Gguf)
        {
            Config = new()
            {
                MaxPositions = new("max_position_embeddings", 32768),
                TieEmbeddings = new("tie_word_embeddings", true),
                AttentionBias = new("attention_bias", false),
                AttentionOutputBias = new("attention_bias", false),
                MlpBias = new("mlp_bias", false),
                RopeTheta = new("rope_theta", 2_000_000),
                NoRope = new("no_rope_layers", new("no_rope_layer_interval", 4)),
                Window = new(WindowKind.Unrotated, new("sliding_window", null), new("use_sliding_window", false)),
            },
        };
}
