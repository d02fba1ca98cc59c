using Hypercompress.Models.Architectures;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Models.Transformer.Weights;
using static TorchSharp.torch;

namespace Hypercompress.Models.Tests.Packages;

/// <summary>Writes a decoder as llama.cpp's converter would, in float32.</summary>
internal static class GgufOfModel
{
    public static GgufBuilder Build(DecoderModel model)
    {
        DecoderConfig config = model.Config;
        GgufBuilder builder = Sizes(new GgufBuilder(), config, config.Family.GgufArchitecture!);
        AddOwn(builder, config);
        using var scope = NewDisposeScope();
        foreach (CheckpointTensor stored in new DecoderLayout(config, config.Family.GgufKeys).Tensors())
        {
            Tensor values = stored.Assemble(placed => Rows(model, placed, stored.Shape.Length));
            builder.Values(stored.Name, [.. stored.Shape], values.data<float>().ToArray());
        }

        return builder;
    }

    private static GgufBuilder Sizes(GgufBuilder builder, DecoderConfig config, string arch)
    {
        string epsilon = config.Family.Norm == NormKind.Layer ? "layer_norm_epsilon" : "layer_norm_rms_epsilon";
        builder.With("general.architecture", arch)
            .With("tokenizer.ggml.model", "none")
            .With($"{arch}.vocab_size", (uint)config.VocabularySize)
            .With($"{arch}.context_length", (uint)config.MaxPositions)
            .With($"{arch}.embedding_length", (uint)config.HiddenSize)
            .With($"{arch}.block_count", (uint)config.Layers)
            .With($"{arch}.feed_forward_length", (uint)config.IntermediateSize)
            .With($"{arch}.attention.head_count", (uint)config.Heads)
            .With($"{arch}.attention.head_count_kv", (uint)config.KeyValueHeads)
            .With($"{arch}.attention.{epsilon}", (float)config.NormEpsilon);
        if (config.HeadDimension * config.Heads != config.HiddenSize)
        {
            builder.With($"{arch}.attention.key_length", (uint)config.HeadDimension)
                .With($"{arch}.attention.value_length", (uint)config.HeadDimension);
        }

        return config.Rope is not { } rope ? builder : builder
            .With($"{arch}.rope.freq_base", (float)rope.Theta)
            .With($"{arch}.rope.dimension_count", (uint)rope.RotatedValues(config.HeadDimension));
    }

    private static void AddOwn(GgufBuilder builder, DecoderConfig config)
    {
        switch (config.ModelType)
        {
            case "gemma2":
                builder.With("gemma2.attn_logit_softcapping", (float)config.AttentionSoftCap!.Value)
                    .With("gemma2.final_logit_softcapping", (float)config.LogitSoftCap!.Value)
                    .With("gemma2.attention.sliding_window", (uint)config.Attention[0].Window!.Value);
                break;
            case "gemma3_text":
                builder.With("gemma3.attention.sliding_window", (uint)config.Attention[0].Window!.Value)
                    .With("gemma3.attention.sliding_window_pattern", 3u);
                break;
            case "gpt_neox":
                builder.With("gptneox.use_parallel_residual", config.ParallelResidual);
                break;
            case "phi3" when config.Rope!.Type == RopeType.LongRope:
                builder.With("phi3.rope.scaling.original_context_length", (uint)config.Rope.OriginalMaxPositions)
                    .With("phi3.rope.scaling.attn_factor", (float)config.Rope.AttentionFactor)
                    .With("phi3.attention.sliding_window", 0u)
                    .Values("rope_factors_long.weight", [config.Rope.LongFactors.Length],
                        Floats(config.Rope.LongFactors))
                    .Values("rope_factors_short.weight", [config.Rope.ShortFactors.Length],
                        Floats(config.Rope.ShortFactors));
                break;
            default:
                break;
        }
    }

    private static float[] Floats(IEnumerable<double> values) => [.. values.Select(value => (float)value)];

    private static Tensor Rows(DecoderModel model, SlotPart placed, int dimensions)
    {
        WeightSlot? slot = model.Slots.FirstOrDefault(slot => slot.Name == placed.Slot);
        Tensor whole = slot?.Matrix.Materialize()
            ?? model.NamedVectors.Single(vector => vector.Name == placed.Slot).Vector.detach();
        Tensor rows = whole.dim() == 1 && dimensions == 2 ? whole.reshape(placed.Part.Rows, -1) : whole;
        return rows.narrow(0, placed.Row, placed.Part.Rows);
    }
}
