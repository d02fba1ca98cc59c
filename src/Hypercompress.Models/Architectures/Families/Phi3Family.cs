using System.Collections.Immutable;
using static Hypercompress.Models.Architectures.TensorRole;

namespace Hypercompress.Models.Architectures.Families;

/// <summary>Phi-3, 3.5 and 4-mini, dense: fused projections, long contexts by factors of each frequency.</summary>
internal static class Phi3Family
{
    private const string Layer = "model.layers.{layer}.";

    /// <summary>The family.</summary>
    public static ArchitectureFamily Family { get; } = new(
        "phi3",
        "Phi3ForCausalLM",
        "phi3",
        new(
        [
            .. StandardKeys.Ends, .. StandardKeys.PreNorms,
            new(Layer + "self_attn.qkv_proj", Query, Key, Value), new(Layer + "self_attn.o_proj", AttentionOutput),
            new(Layer + "mlp.gate_up_proj", Gate, Up), new(Layer + "mlp.down_proj", Down),
        ])
        {
            OptionalPrefix = StandardKeys.Prefix,
            BufferEndings = StandardKeys.Buffers,
        },
        new(
        [
            .. StandardKeys.GgufEnds, .. StandardKeys.GgufNorms([AttentionNorm, MlpNorm, FinalNorm]),
            .. StandardKeys.GgufFusedAttention, new("blk.{layer}.ffn_up", Gate, Up), new("blk.{layer}.ffn_down", Down),
        ]))
    {
        GgufMetadata = [new("attention.sliding_window", "sliding_window", ZeroMeansNone: true)],
        Config = new()
        {
            MaxPositions = new("max_position_embeddings", 4096),
            NormEpsilon = new("rms_norm_eps", 1e-5),
            RotaryFraction = new("partial_rotary_factor", 1),
            RopeAliases = ImmutableDictionary<string, string>.Empty.Add("su", "longrope").Add("yarn", "longrope"),
            Window = new(WindowKind.All, new("sliding_window", null), new(null, true)) { HonoursLayerTypes = false },
        },
    };
}
