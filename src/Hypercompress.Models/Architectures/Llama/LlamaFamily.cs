using System.Collections.Immutable;

namespace Hypercompress.Models.Architectures.Llama;

/// <summary>Llama 1 to 3.2, SmolLM, TinyLlama and all else that is stored as <c>llama</c>.</summary>
internal static class LlamaFamily
{
    /// <summary>The family.</summary>
    public static ArchitectureFamily Family { get; } = new(
        ModelType: "llama",
        ModelClass: "LlamaForCausalLM",
        GgufArchitecture: "llama",
        HuggingFaceKeys: new(new Dictionary<TensorRole, string>
        {
            [TensorRole.Embedding] = "model.embed_tokens",
            [TensorRole.AttentionNorm] = "model.layers.{layer}.input_layernorm",
            [TensorRole.Query] = "model.layers.{layer}.self_attn.q_proj",
            [TensorRole.Key] = "model.layers.{layer}.self_attn.k_proj",
            [TensorRole.Value] = "model.layers.{layer}.self_attn.v_proj",
            [TensorRole.AttentionOutput] = "model.layers.{layer}.self_attn.o_proj",
            [TensorRole.MlpNorm] = "model.layers.{layer}.post_attention_layernorm",
            [TensorRole.Gate] = "model.layers.{layer}.mlp.gate_proj",
            [TensorRole.Up] = "model.layers.{layer}.mlp.up_proj",
            [TensorRole.Down] = "model.layers.{layer}.mlp.down_proj",
            [TensorRole.FinalNorm] = "model.norm",
            [TensorRole.Head] = "lm_head",
        }.ToImmutableDictionary()),
        GgufKeys: new(new Dictionary<TensorRole, string>
        {
            [TensorRole.Embedding] = "token_embd",
            [TensorRole.AttentionNorm] = "blk.{layer}.attn_norm",
            [TensorRole.Query] = "blk.{layer}.attn_q",
            [TensorRole.Key] = "blk.{layer}.attn_k",
            [TensorRole.Value] = "blk.{layer}.attn_v",
            [TensorRole.AttentionOutput] = "blk.{layer}.attn_output",
            [TensorRole.MlpNorm] = "blk.{layer}.ffn_norm",
            [TensorRole.Gate] = "blk.{layer}.ffn_gate",
            [TensorRole.Up] = "blk.{layer}.ffn_up",
            [TensorRole.Down] = "blk.{layer}.ffn_down",
            [TensorRole.FinalNorm] = "output_norm",
            [TensorRole.Head] = "output",
        }.ToImmutableDictionary()),
        GgufInterleavesRotary: true);
}
