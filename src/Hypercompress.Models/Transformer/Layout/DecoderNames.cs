using System.Globalization;
using Hypercompress.Models.Architectures;

namespace Hypercompress.Models.Transformer.Layout;

/// <summary>Names of the slots of a decoder, the same for all families.</summary>
public static class DecoderNames
{
    /// <summary>Name of a matrix or vector, without <c>.weight</c> or <c>.bias</c>.</summary>
    /// <param name="role">What it is for; keys stand for keys and values.</param>
    /// <param name="layer">0-based layer, or null outside the layers.</param>
    public static string Of(TensorRole role, int? layer) => layer is null
        ? "model." + ModuleOf(role)
        : string.Create(CultureInfo.InvariantCulture, $"model.layers.{layer}.{ModuleOf(role)}");

    private static string ModuleOf(TensorRole role) => role switch
    {
        TensorRole.Embedding => "embed_tokens",
        TensorRole.Positions => "embed_positions",
        TensorRole.AttentionNorm => "input_layernorm",
        TensorRole.Query => "self_attn.q_proj",
        TensorRole.QueryNorm => "self_attn.q_norm",
        TensorRole.Key or TensorRole.Value => "self_attn.kv_proj",
        TensorRole.KeyNorm => "self_attn.k_norm",
        TensorRole.AttentionOutput => "self_attn.o_proj",
        TensorRole.AttentionPostNorm => "self_attn.output_norm",
        TensorRole.MlpNorm => "post_attention_layernorm",
        TensorRole.Gate => "mlp.gate_proj",
        TensorRole.Up => "mlp.up_proj",
        TensorRole.Down => "mlp.down_proj",
        TensorRole.MlpPostNorm => "mlp.output_norm",
        TensorRole.FinalNorm => "norm",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "has no slot of its own"),
    };
}
