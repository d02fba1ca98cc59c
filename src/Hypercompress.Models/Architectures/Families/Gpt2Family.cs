using static Hypercompress.Models.Architectures.TensorRole;

namespace Hypercompress.Models.Architectures.Families;

/// <summary>GPT-2: learned positions, layer norms, biases everywhere, weights stored as [in, out].</summary>
internal static class Gpt2Family
{
    private const string Layer = "transformer.h.{layer}.";

    /// <summary>The family.</summary>
    public static ArchitectureFamily Family { get; } = new(
        "gpt2",
        "GPT2LMHeadModel",
        "gpt2",
        new(
            new("transformer.wte", Embedding),
            new("transformer.wpe", Positions),
            new(Layer + "ln_1", AttentionNorm),
            new(Layer + "attn.c_attn", Query, Key, Value) { IsTransposed = true },
            new(Layer + "attn.c_proj", AttentionOutput) { IsTransposed = true },
            new(Layer + "ln_2", MlpNorm),
            new(Layer + "mlp.c_fc", Up) { IsTransposed = true },
            new(Layer + "mlp.c_proj", Down) { IsTransposed = true },
            new("transformer.ln_f", FinalNorm),
            new("lm_head", Head))
        {
            OptionalPrefix = "transformer.",
            BufferEndings = [".attn.bias", ".attn.masked_bias"],
        },
        new(
        [
            .. StandardKeys.GgufEnds, new("position_embd", Positions),
            .. StandardKeys.GgufNorms([AttentionNorm, MlpNorm, FinalNorm]),
            .. StandardKeys.GgufFusedAttention, .. StandardKeys.GgufPlainMlp,
        ]))
    {
        Norm = NormKind.Layer,
        Config = new()
        {
            HiddenSize = "n_embd",
            Layers = "n_layer",
            Heads = "n_head",
            KeyValueHeads = null,
            HeadDimension = new(null, null),
            IntermediateSize = "n_inner",
            IntermediateMultiple = 4,
            MaxPositions = new("n_positions", 1024),
            NormEpsilon = new("layer_norm_epsilon", 1e-5),
            Activation = new("activation_function", "gelu_new"),
            TieEmbeddings = new("tie_word_embeddings", true),
            AttentionBias = new(null, true),
            AttentionOutputBias = new(null, true),
            MlpBias = new(null, true),
            RopeTheta = null,
            ScalesAttention = new("scale_attn_weights", true),
            DividesByLayer = new("scale_attn_by_inverse_layer_idx", false),
            Refused = ["add_cross_attention"],
        },
    };
}
