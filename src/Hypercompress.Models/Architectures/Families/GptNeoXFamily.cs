using static Hypercompress.Models.Architectures.TensorRole;

namespace Hypercompress.Models.Architectures.Families;

/// <summary>
/// GPT-NeoX and Pythia: attention and feed-forward block side by side, a part of each head rotated, queries, keys and
/// values of a head stored next to each other.
/// </summary>
internal static class GptNeoXFamily
{
    private const string Layer = "gpt_neox.layers.{layer}.";

    /// <summary>The family.</summary>
    public static ArchitectureFamily Family { get; } = new(
        "gpt_neox",
        "GPTNeoXForCausalLM",
        "gptneox",
        new(
            new("gpt_neox.embed_in", Embedding),
            new(Layer + "input_layernorm", AttentionNorm),
            new(Layer + "attention.query_key_value", Query, Key, Value) { Order = RowOrder.HeadByHead },
            new(Layer + "attention.dense", AttentionOutput),
            new(Layer + "post_attention_layernorm", MlpNorm),
            new(Layer + "mlp.dense_h_to_4h", Up),
            new(Layer + "mlp.dense_4h_to_h", Down),
            new("gpt_neox.final_layer_norm", FinalNorm),
            new("embed_out", Head))
        {
            OptionalPrefix = "gpt_neox.",
            BufferEndings = [".attention.bias", ".attention.masked_bias", ".rotary_emb.inv_freq"],
        },
        new(
        [
            .. StandardKeys.GgufEnds, .. StandardKeys.GgufNorms([AttentionNorm, MlpNorm, FinalNorm]),
            .. StandardKeys.GgufFusedAttention, .. StandardKeys.GgufPlainMlp,
        ]))
    {
        Norm = NormKind.Layer,
        GgufMetadata = [new("use_parallel_residual", "use_parallel_residual")],
        Config = new()
        {
            KeyValueHeads = null,
            HeadDimension = new(null, null),
            NormEpsilon = new("layer_norm_eps", 1e-5),
            Activation = new("hidden_act", "gelu"),
            AttentionBias = new("attention_bias", true),
            AttentionOutputBias = new("attention_bias", true),
            MlpBias = new(null, true),
            RopeTheta = new("rotary_emb_base", 10000),
            RotaryFraction = new("rotary_pct", 0.25),
            ParallelResidual = new("use_parallel_residual", true),
        },
    };
}
