using static Hypercompress.Models.Architectures.TensorRole;

namespace Hypercompress.Models.Architectures.Families;

/// <summary>OLMo 2: norms after the blocks instead of before them, and over all heads of queries and of keys.</summary>
internal static class Olmo2Family
{
    private const string Layer = "model.layers.{layer}.";

    /// <summary>The family.</summary>
    public static ArchitectureFamily Family { get; } = new(
        "olmo2",
        "Olmo2ForCausalLM",
        "olmo2",
        new(
        [
            .. StandardKeys.Ends, .. StandardKeys.Attention, .. StandardKeys.QueryKeyNorms, .. StandardKeys.GatedMlp,
            new(Layer + "post_attention_layernorm", AttentionPostNorm),
            new(Layer + "post_feedforward_layernorm", MlpPostNorm),
        ])
        {
            OptionalPrefix = StandardKeys.Prefix,
            BufferEndings = StandardKeys.Buffers,
        },
        new(
        [
            .. StandardKeys.GgufEnds, .. StandardKeys.GgufAttention, .. StandardKeys.GgufGatedMlp,
            .. StandardKeys.GgufNorms([QueryNorm, KeyNorm, AttentionPostNorm, MlpPostNorm, FinalNorm]),
        ]))
    {
        NormalizesWholeRows = true,
        Config = new()
        {
            NormEpsilon = new("rms_norm_eps", 1e-5),
            AttentionBias = new("attention_bias", false),
            AttentionOutputBias = new("attention_bias", false),
        },
    };
}
