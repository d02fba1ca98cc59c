using System.Collections.Immutable;
using static Hypercompress.Models.Architectures.TensorRole;

namespace Hypercompress.Models.Architectures.Families;

/// <summary>The names that most families share, from which each puts its own map together.</summary>
internal static class StandardKeys
{
    private const string Layer = "model.layers.{layer}.";
    private const string Block = "blk.{layer}.";

    /// <summary>The prefix that Hugging Face checkpoints of a bare decoder leave out.</summary>
    public const string Prefix = "model.";

    /// <summary>Buffers that old versions of transformers stored beside the weights.</summary>
    public static ImmutableArray<string> Buffers { get; } = [".rotary_emb.inv_freq"];

    /// <summary>Hugging Face: embedding, last norm and head.</summary>
    public static ImmutableArray<TensorKey> Ends { get; } =
        [new("model.embed_tokens", Embedding), new("model.norm", FinalNorm), new("lm_head", Head)];

    /// <summary>Hugging Face: separate attention projections.</summary>
    public static ImmutableArray<TensorKey> Attention { get; } =
    [
        new(Layer + "self_attn.q_proj", Query), new(Layer + "self_attn.k_proj", Key),
        new(Layer + "self_attn.v_proj", Value), new(Layer + "self_attn.o_proj", AttentionOutput),
    ];

    /// <summary>Hugging Face: norms of queries and keys.</summary>
    public static ImmutableArray<TensorKey> QueryKeyNorms { get; } =
        [new(Layer + "self_attn.q_norm", QueryNorm), new(Layer + "self_attn.k_norm", KeyNorm)];

    /// <summary>Hugging Face: norms in front of attention and feed-forward block.</summary>
    public static ImmutableArray<TensorKey> PreNorms { get; } =
        [new(Layer + "input_layernorm", AttentionNorm), new(Layer + "post_attention_layernorm", MlpNorm)];

    /// <summary>Hugging Face: separate projections of a gated feed-forward block.</summary>
    public static ImmutableArray<TensorKey> GatedMlp { get; } =
        [new(Layer + "mlp.gate_proj", Gate), new(Layer + "mlp.up_proj", Up), new(Layer + "mlp.down_proj", Down)];

    /// <summary>GGUF: embedding and head.</summary>
    public static ImmutableArray<TensorKey> GgufEnds { get; } = [new("token_embd", Embedding), new("output", Head)];

    /// <summary>GGUF: separate attention projections.</summary>
    public static ImmutableArray<TensorKey> GgufAttention { get; } =
    [
        new(Block + "attn_q", Query), new(Block + "attn_k", Key),
        new(Block + "attn_v", Value), new(Block + "attn_output", AttentionOutput),
    ];

    /// <summary>GGUF: the same with interleaved halves of each query and key head.</summary>
    public static ImmutableArray<TensorKey> GgufPairedAttention { get; } =
    [
        new(Block + "attn_q", Query) { Order = RowOrder.RotaryPairs },
        new(Block + "attn_k", Key) { Order = RowOrder.RotaryPairs },
        new(Block + "attn_v", Value), new(Block + "attn_output", AttentionOutput),
    ];

    /// <summary>GGUF: queries, keys and values in one tensor.</summary>
    public static ImmutableArray<TensorKey> GgufFusedAttention { get; } =
        [new(Block + "attn_qkv", Query, Key, Value), new(Block + "attn_output", AttentionOutput)];

    /// <summary>GGUF: a gated feed-forward block.</summary>
    public static ImmutableArray<TensorKey> GgufGatedMlp { get; } =
        [new(Block + "ffn_gate", Gate), new(Block + "ffn_up", Up), new(Block + "ffn_down", Down)];

    /// <summary>GGUF: a feed-forward block without gate.</summary>
    public static ImmutableArray<TensorKey> GgufPlainMlp { get; } =
        [new(Block + "ffn_up", Up), new(Block + "ffn_down", Down)];

    /// <summary>GGUF: names of norms.</summary>
    /// <param name="roles">The norms that the family has.</param>
    /// <param name="added">What converters add to their weights.</param>
    public static ImmutableArray<TensorKey> GgufNorms(ImmutableArray<TensorRole> roles, double added = 0) =>
        [.. roles.Select(role => new TensorKey(NormName(role), role) { Added = added })];

    private static string NormName(TensorRole role) => role switch
    {
        AttentionNorm => Block + "attn_norm",
        QueryNorm => Block + "attn_q_norm",
        KeyNorm => Block + "attn_k_norm",
        AttentionPostNorm => Block + "post_attention_norm",
        MlpNorm => Block + "ffn_norm",
        MlpPostNorm => Block + "post_ffw_norm",
        FinalNorm => "output_norm",
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "is not a norm"),
    };
}
