using System.Collections.Immutable;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Architectures.Reading;

/// <summary>
/// Reads the rotary position embedding: <c>rope_parameters</c> (transformers 5), for all layers or apart for those with
/// and without a window, or <c>rope_theta</c> and <c>rope_scaling</c> (transformers 4).
/// </summary>
/// <param name="config">The whole model configuration.</param>
/// <param name="keys">What the family calls things.</param>
/// <param name="maxPositions">The model's longest sequence, in tokens.</param>
/// <param name="headDimension">Width of a head.</param>
internal sealed class RopeReader(JsonFields config, ConfigKeys keys, int maxPositions, int headDimension)
{
    private const string FullLayers = "full_attention";
    private const string WindowLayers = "sliding_attention";

    /// <summary>Layers without a window; null when the family does not rotate.</summary>
    /// <exception cref="CheckpointException">
    /// An unknown rope type, or a value that is missing or out of range.
    /// </exception>
    public RopeSettings? ReadGlobal() => keys.RopeTheta is { } theta ? Read(Section(FullLayers), theta) : null;

    /// <summary>Layers with a window; those that others have when the family makes no difference.</summary>
    /// <exception cref="CheckpointException">
    /// An unknown rope type, or a value that is missing or out of range.
    /// </exception>
    public RopeSettings? ReadLocal()
    {
        if (config.Section("rope_parameters")?.Section(WindowLayers) is { } own)
        {
            return Read(own, keys.LocalRopeTheta ?? keys.RopeTheta!);
        }

        return keys.LocalRopeTheta is { } theta ? Read(null, theta) : ReadGlobal();
    }

    private JsonFields? Section(string layers)
    {
        JsonFields? parameters = config.Section("rope_parameters");
        return parameters?.Has(layers) == true
            ? parameters.Section(layers)
            : parameters ?? config.Section("rope_scaling");
    }

    private RopeSettings Read(JsonFields? section, ConfigKey<double> thetaKey)
    {
        double theta = section?.OptionalNumber("rope_theta") ?? config.Number(thetaKey);
        if (theta <= 1)
        {
            throw config.Invalid(thetaKey.Name ?? "rope_theta", "must be above 1", theta);
        }

        double fraction = ReadFraction(section);
        var plain = new RopeSettings { Theta = theta, OriginalMaxPositions = maxPositions, Fraction = fraction };
        return section is null ? plain : Stretch(plain, section);
    }

    private double ReadFraction(JsonFields? section)
    {
        double fraction = section?.OptionalNumber("partial_rotary_factor") ?? config.Number(keys.RotaryFraction);
        if (fraction != 1 && keys.RotaryFraction.Name is null)
        {
            throw config.Invalid("partial_rotary_factor", "must be 1 for this architecture", fraction);
        }

        int rotated = fraction is > 0 and <= 1 ? (int)(headDimension * fraction) : 0;
        return rotated >= 2 && rotated % 2 == 0
            ? fraction
            : throw config.Invalid(
                keys.RotaryFraction.Name ?? "head_dim",
                $"must leave an even number of the {headDimension} values of a head to be rotated, at least 2",
                fraction);
    }

    private RopeSettings Stretch(RopeSettings plain, JsonFields scaling)
    {
        string stated = scaling.OptionalText("rope_type") ?? scaling.OptionalText("type") ?? "default";
        return keys.RopeAliases.GetValueOrDefault(stated, stated) switch
        {
            "default" => plain,
            "linear" => plain with { Type = RopeType.Linear, Factor = ReadFactor(scaling) },
            "dynamic" => plain with { Type = RopeType.Dynamic, Factor = ReadFactor(scaling) },
            "llama3" => ReadLlama3(plain, scaling),
            "yarn" => ReadYarn(plain, scaling),
            "longrope" => ReadLongRope(plain, scaling),
            _ => throw scaling.Invalid(
                "rope_type", "must be one of default, linear, dynamic, llama3, yarn, longrope", stated),
        };
    }

    private static double ReadFactor(JsonFields scaling)
    {
        double factor = scaling.Number("factor");
        return factor >= 1 ? factor : throw scaling.Invalid("factor", "must be at least 1", factor);
    }

    private RopeSettings ReadLlama3(RopeSettings plain, JsonFields scaling)
    {
        double low = scaling.Number("low_freq_factor");
        double high = scaling.Number("high_freq_factor");
        if (low <= 0 || high <= low)
        {
            throw scaling.Invalid(
                "high_freq_factor", $"must be above low_freq_factor ({low}), which must be above 0", high);
        }

        return plain with
        {
            Type = RopeType.Llama3,
            Factor = ReadFactor(scaling),
            LowFrequencyFactor = low,
            HighFrequencyFactor = high,
            OriginalMaxPositions = OriginalLength(scaling) ?? scaling.Size("original_max_position_embeddings"),
        };
    }

    private int? OriginalLength(JsonFields scaling) =>
        scaling.OptionalSize("original_max_position_embeddings")
        ?? config.OptionalSize("original_max_position_embeddings");

    private RopeSettings ReadLongRope(RopeSettings plain, JsonFields scaling)
    {
        int original = OriginalLength(scaling) ?? maxPositions;
        double factor = scaling.OptionalNumber("factor") is null
            ? (double)maxPositions / original
            : ReadFactor(scaling);
        double attention = scaling.OptionalNumber("attention_factor")
            ?? (factor <= 1 || original <= 1 ? 1 : Math.Sqrt(1 + (Math.Log(factor) / Math.Log(original))));
        return plain with
        {
            Type = RopeType.LongRope,
            Factor = factor,
            ShortFactors = ReadDivisors(scaling, "short_factor"),
            LongFactors = ReadDivisors(scaling, "long_factor"),
            AttentionFactor = attention,
            OriginalMaxPositions = original,
        };
    }

    private ImmutableArray<double> ReadDivisors(JsonFields scaling, string key)
    {
        int count = (int)(headDimension * ReadFraction(scaling)) / 2;
        ImmutableArray<double> divisors = scaling.OptionalNumbers(key) ?? [];
        return divisors.Length == count && divisors.All(divisor => divisor > 0)
            ? divisors
            : throw scaling.Invalid(key, $"must be a list of {count} numbers above 0", $"{divisors.Length} numbers");
    }

    private RopeSettings ReadYarn(RopeSettings plain, JsonFields scaling)
    {
        int original = OriginalLength(scaling) ?? maxPositions;
        double factor = scaling.OptionalNumber("factor") is null
            ? (double)maxPositions / original
            : ReadFactor(scaling);
        double? scale = scaling.OptionalNumber("mscale");
        double? scaleAll = scaling.OptionalNumber("mscale_all_dim");
        double attention = scaling.OptionalNumber("attention_factor")
            ?? (scale is > 0 && scaleAll is > 0
                ? Temperature(factor, scale.Value) / Temperature(factor, scaleAll.Value)
                : Temperature(factor, 1));
        return plain with
        {
            Type = RopeType.Yarn,
            Factor = factor,
            BetaFast = scaling.OptionalNumber("beta_fast") ?? 32,
            BetaSlow = scaling.OptionalNumber("beta_slow") ?? 1,
            Truncate = scaling.Flag("truncate", true),
            AttentionFactor = attention,
            OriginalMaxPositions = original,
        };
    }

    private static double Temperature(double factor, double scale) =>
        factor <= 1 ? 1 : (0.1 * scale * Math.Log(factor)) + 1;
}
