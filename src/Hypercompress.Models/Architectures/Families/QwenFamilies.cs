using static Hypercompress.Models.Architectures.TensorRole;

namespace Hypercompress.Models.Architectures.Families;

/// <summary>Qwen 2, 2.5 and 3, dense.</summary>
internal static class QwenFamilies
{
    private static readonly WindowRule LateLayers = new(
        WindowKind.FromLayer, new("sliding_window", 4096), new("use_sliding_window", false))
    {
        Count = new("max_window_layers", 28),
    };

    /// <summary>Qwen 2 and 2.5: biases on queries, keys and values, whatever the configuration says.</summary>
    public static ArchitectureFamily Qwen2 { get; } = new(
        "qwen2",
        "Qwen2ForCausalLM",
        "qwen2",
        new(
        [
            .. StandardKeys.Ends, .. StandardKeys.PreNorms, .. StandardKeys.Attention, .. StandardKeys.GatedMlp,
        ])
        {
            OptionalPrefix = StandardKeys.Prefix,
            BufferEndings = StandardKeys.Buffers,
        },
        new(
        [
            .. StandardKeys.GgufEnds, .. StandardKeys.GgufNorms([AttentionNorm, MlpNorm, FinalNorm]),
            .. StandardKeys.GgufAttention, .. StandardKeys.GgufGatedMlp,
        ]))
    {
        Config = new()
        {
            HeadDimension = new(null, null),
            MaxPositions = new("max_position_embeddings", 32768),
            AttentionBias = new(null, true),
            Window = LateLayers,
        },
    };

    /// <summary>Qwen 3: norms of queries and keys instead of biases.</summary>
    public static ArchitectureFamily Qwen3 { get; } = new(
        "qwen3",
        "Qwen3ForCausalLM",
        "qwen3",
        new(
        [
            .. StandardKeys.Ends, .. StandardKeys.PreNorms, .. StandardKeys.Attention, .. StandardKeys.QueryKeyNorms,
            .. StandardKeys.GatedMlp,
        ])
        {
            OptionalPrefix = StandardKeys.Prefix,
            BufferEndings = StandardKeys.Buffers,
        },
        new(
        [
            .. StandardKeys.GgufEnds,
            .. StandardKeys.GgufNorms([AttentionNorm, QueryNorm, KeyNorm, MlpNorm, FinalNorm]),
            .. StandardKeys.GgufAttention, .. StandardKeys.GgufGatedMlp,
        ]))
    {
        Config = new()
        {
            HeadDimension = new("head_dim", 128),
            MaxPositions = new("max_position_embeddings", 32768),
            AttentionBias = new("attention_bias", false),
            AttentionOutputBias = new("attention_bias", false),
            Window = LateLayers,
        },
    };
}
