using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Architectures.Reading;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Checkpoints.Gguf.Blocks;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Rotary;
using static TorchSharp.torch;

namespace Hypercompress.Models.Packages.Gguf;

/// <summary>
/// The metadata of a model in a GGUF file besides its weights and tokenizer: the inverse of <see cref="GgufConfig"/>.
/// </summary>
/// <param name="config">The model's sizes and choices.</param>
/// <param name="label">A name for people.</param>
internal sealed class GgufModelMetadata(DecoderConfig config, string label)
{
    // Families that llama.cpp runs as another one.
    private const string Fallback = "llama";
    private const double Negligible = 1e-9;

    private readonly string _architecture = config.Family.GgufArchitecture ?? Fallback;

    private string Prefix => _architecture + ".";

    private bool HoldsWindow => config.Family.GgufMetadata.Any(key => key.Name == "attention.sliding_window");

    /// <summary>Facts of the model that the file does not hold.</summary>
    public IEnumerable<string> Notes
    {
        get
        {
            if (!HoldsWindow && config.Attention.Min(layer => layer.Window) is int window
                && window < config.MaxPositions)
            {
                yield return $"a GGUF file of '{_architecture}' has no attention window: beyond {window} tokens its "
                    + "results differ from the model's";
            }

            if (config.Rope?.Type == RopeType.Dynamic)
            {
                yield return "a GGUF file has no dynamic rotary scaling: beyond "
                    + $"{config.Rope.OriginalMaxPositions} tokens its results differ from the model's";
            }
        }
    }

    /// <summary>Refuses a model that reads differently from what the file would say.</summary>
    /// <param name="json">The model's <c>config.json</c>.</param>
    /// <exception cref="ConfigurationException">The format has no place for a choice of the model.</exception>
    public void RequireExpressible(JsonObject json)
    {
        JsonObject plain = json.DeepClone().AsObject();
        ConfigKeys keys = config.Family.Config;
        string?[] unstated =
        [
            keys.Activation.Name, keys.NoRope?.Flags, keys.NoRope?.Interval.Name,
            config.Family.GgufMetadata.Any(key => key.Name.EndsWith("pattern", StringComparison.Ordinal))
                ? null : "layer_types",
        ];
        foreach (string name in unstated.OfType<string>())
        {
            plain.Remove(name);
        }

        DecoderConfig read = DecoderConfigReader.Parse(plain, "config.json");
        Require(read.Activation == config.Activation, "nonlinearity", keys.Activation.Name);
        for (int layer = 0; layer < config.Layers; layer++)
        {
            (LayerAttention own, LayerAttention other) = (config.Attention[layer], read.Attention[layer]);
            Require((own.Rope is null) == (other.Rope is null),
                "choice of layers without rotation", keys.NoRope?.Flags);
            Require(!HoldsWindow || own.Window == other.Window, "pattern of layers with a window", "layer_types");
        }

        Require(config.Rope is not { Type: RopeType.Yarn } yarn || IsPlainYarn(yarn), "form of YaRN", "rope_scaling");
    }

    /// <summary>
    /// The factor of a layer's queries that makes up for the scale of attention which readers of the format assume.
    /// </summary>
    /// <param name="layer">0-based layer.</param>
    public double QueryFactor(int layer)
    {
        bool isWide = config.Family.Config.QueryScalar.Name is not null
            && config.Layers == config.Family.WideQueryLayers;
        double factor = config.Attention[layer].Scale
            * Math.Sqrt(isWide ? (double)config.HiddenSize / config.Heads : config.HeadDimension);
        return Math.Abs(factor - 1) < Negligible ? 1 : factor;
    }

    /// <summary>The entries, in order.</summary>
    /// <param name="type">The type of most of the file's bytes.</param>
    public IEnumerable<KeyValuePair<string, object>> Entries(GgmlType type)
    {
        foreach ((string key, object value) in General(type).Concat(Sizes().Concat(Rope()).Concat(Own()).Select(
            entry => (Prefix + entry.Key, entry.Value))))
        {
            yield return KeyValuePair.Create(key, value);
        }
    }

    /// <summary>Divisors of rotary frequencies, which the format keeps as tensors.</summary>
    public IEnumerable<GgufTensorToWrite> RopeTensors() => config.Rope switch
    {
        { Type: RopeType.Llama3 } rope => [Divisors(LlamaRopeFactors.TensorName, Llama3Divisors(rope))],
        { Type: RopeType.LongRope } rope =>
        [
            Divisors(GgufRope.LongTensor, [.. rope.LongFactors]),
                Divisors(GgufRope.ShortTensor, [.. rope.ShortFactors]),
        ],
        _ => [],
    };

    private static GgufTensorToWrite Divisors(string name, double[] divisors) => new(
        name, GgmlType.F32, [divisors.Length], () => tensor(divisors.Select(divisor => (float)divisor).ToArray()));

    private double[] Llama3Divisors(RopeSettings rope)
    {
        IReadOnlyList<double> stretched = new RotaryEmbedding(rope, config.HeadDimension).Frequencies(1);
        return
        [
            .. new RotaryEmbedding(rope with { Type = RopeType.Default }, config.HeadDimension).Frequencies(1)
                .Zip(stretched, (plain, slower) => plain / slower),
        ];
    }

    private static bool IsPlainYarn(RopeSettings yarn)
    {
        double temperature = yarn.Factor <= 1 ? 1 : (0.1 * Math.Log(yarn.Factor)) + 1;
        return yarn is { BetaFast: 32, BetaSlow: 1, Truncate: true }
            && Math.Abs(yarn.AttentionFactor - temperature) < Negligible;
    }

    private void Require(bool holds, string what, string? key)
    {
        if (!holds)
        {
            throw new ConfigurationException(string.Create(
                CultureInfo.InvariantCulture,
                $"a GGUF file of '{_architecture}' can not say the model's {what} (\"{key}\"); "
                    + $"export it with --format hf-dense"));
        }
    }

    private IEnumerable<(string Key, object Value)> General(GgmlType type)
    {
        yield return ("general.architecture", _architecture);
        yield return ("general.type", "model");
        yield return ("general.name", label);
        yield return ("general.file_type", FileType(type));
        if (!GgmlEncoding.Of(type).IsPlain)
        {
            yield return ("general.quantization_version", 2u);
        }
    }

    private static uint FileType(GgmlType type) => type switch
    {
        GgmlType.F32 => 0,
        GgmlType.F16 => 1,
        GgmlType.Q40 => 2,
        GgmlType.Q41 => 3,
        GgmlType.Q80 => 7,
        GgmlType.Q50 => 8,
        GgmlType.Q51 => 9,
        GgmlType.Q2K => 10,
        GgmlType.Q3K => 11,
        GgmlType.Q4K => 14,
        GgmlType.Q5K => 16,
        GgmlType.Q6K => 18,
        GgmlType.Iq2Xxs => 19,
        GgmlType.Iq2Xs => 20,
        GgmlType.Iq3Xxs => 23,
        GgmlType.Iq1S => 24,
        GgmlType.Iq4Nl => 25,
        GgmlType.Iq3S => 26,
        GgmlType.Iq2S => 28,
        GgmlType.Iq4Xs => 30,
        GgmlType.Iq1M => 31,
        GgmlType.Tq10 => 36,
        GgmlType.Tq20 => 37,
        _ => 32,
    };

    private IEnumerable<(string Key, object Value)> Sizes()
    {
        yield return ("vocab_size", (uint)config.VocabularySize);
        yield return ("context_length", (uint)config.MaxPositions);
        yield return ("embedding_length", (uint)config.HiddenSize);
        yield return ("block_count", (uint)config.Layers);
        yield return ("feed_forward_length", (uint)config.IntermediateSize);
        yield return ("attention.head_count", (uint)config.Heads);
        yield return ("attention.head_count_kv", (uint)config.KeyValueHeads);
        yield return ("attention.key_length", (uint)config.HeadDimension);
        yield return ("attention.value_length", (uint)config.HeadDimension);
        string epsilon = config.Family.Norm == NormKind.Layer ? "layer_norm_epsilon" : "layer_norm_rms_epsilon";
        yield return ("attention." + epsilon, (float)config.NormEpsilon);
    }

    private IEnumerable<(string Key, object Value)> Rope()
    {
        if (config.Rope is not { } rope)
        {
            yield break;
        }

        yield return ("rope.dimension_count", (uint)rope.RotatedValues(config.HeadDimension));
        yield return ("rope.freq_base", (float)rope.Theta);
        if (config.Family.Config.LocalRopeTheta is not null
            && config.Attention.FirstOrDefault(layer => layer.Window is not null)?.Rope is { } local)
        {
            yield return ("rope.freq_base_swa", (float)local.Theta);
        }

        foreach ((string Key, object Value) entry in Scaling(rope))
        {
            yield return ("rope.scaling." + entry.Key, entry.Value);
        }
    }

    private static IEnumerable<(string Key, object Value)> Scaling(RopeSettings rope) => rope.Type switch
    {
        RopeType.Linear => [("type", "linear"), ("factor", (float)rope.Factor)],
        RopeType.Yarn =>
        [
            ("type", "yarn"), ("factor", (float)rope.Factor),
                ("original_context_length", (uint)rope.OriginalMaxPositions),
        ],
        RopeType.LongRope =>
        [
            ("original_context_length", (uint)rope.OriginalMaxPositions), ("attn_factor", (float)rope.AttentionFactor),
        ],
        _ => [],
    };

    private IEnumerable<(string Key, object Value)> Own() => config.Family.GgufMetadata
        .Select(key => (key.Name, Value(key)))
        .Where(entry => entry.Item2 is not null)
        .Select(entry => (entry.Name, entry.Item2!));

    private object? Value(GgufKey key) => key.Name switch
    {
        "use_parallel_residual" => config.ParallelResidual,
        "attention.sliding_window" => (uint)(config.Attention.Max(layer => layer.Window) ?? 0),
        "attention.sliding_window_pattern" => config.Attention.Select(layer => layer.Window is not null).ToArray(),
        "attn_logit_softcapping" => (float?)config.AttentionSoftCap,
        "final_logit_softcapping" => (float?)config.LogitSoftCap,
        _ => throw new ConfigurationException($"GGUF key '{Prefix}{key.Name}' is not known to the writer"),
    };
}
