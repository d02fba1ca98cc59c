using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Architectures;

/// <summary>The rotary position embedding of a model, as its configuration states it.</summary>
public sealed record RopeSettings
{
    /// <summary>The stretching rule.</summary>
    public RopeType Type { get; init; } = RopeType.Default;

    /// <summary>The base of the frequencies, above 0; 10000 unless stated.</summary>
    public double Theta { get; init; } = 10000;

    /// <summary>By how much the context is stretched, at least 1; unused by <see cref="RopeType.Default"/>.</summary>
    public double Factor { get; init; } = 1;

    /// <summary>Llama 3: wavelengths longer than original length / this are divided by the factor.</summary>
    public double LowFrequencyFactor { get; init; } = 1;

    /// <summary>Llama 3: wavelengths shorter than original length / this are kept.</summary>
    public double HighFrequencyFactor { get; init; } = 4;

    /// <summary>YaRN: rotations over the original length above which a frequency is kept.</summary>
    public double BetaFast { get; init; } = 32;

    /// <summary>YaRN: rotations over the original length below which a frequency is divided by the factor.</summary>
    public double BetaSlow { get; init; } = 1;

    /// <summary>YaRN: whether the ends of the ramp are rounded to whole dimensions.</summary>
    public bool Truncate { get; init; } = true;

    /// <summary>What cosines and sines are multiplied by; 1 except for YaRN.</summary>
    public double AttentionFactor { get; init; } = 1;

    /// <summary>The length that the model was first trained for, in tokens.</summary>
    public int OriginalMaxPositions { get; init; }

    /// <summary>
    /// Reads <c>rope_parameters</c> (transformers 5) or <c>rope_theta</c> and <c>rope_scaling</c> (transformers 4).
    /// </summary>
    /// <param name="config">The whole model configuration.</param>
    /// <param name="maxPositions">The model's longest sequence, in tokens.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="CheckpointException">
    /// An unknown rope type, or a value that is missing or out of range.
    /// </exception>
    internal static RopeSettings Read(JsonFields config, int maxPositions)
    {
        JsonFields? scaling = config.Section("rope_parameters") ?? config.Section("rope_scaling");
        double theta = scaling?.OptionalNumber("rope_theta") ?? config.OptionalNumber("rope_theta") ?? 10000;
        if (theta <= 1)
        {
            throw config.Invalid("rope_theta", "must be above 1", theta);
        }

        var plain = new RopeSettings { Theta = theta, OriginalMaxPositions = maxPositions };
        if (scaling is null)
        {
            return plain;
        }

        double? partial = scaling.OptionalNumber("partial_rotary_factor");
        if (partial is not null && partial != 1)
        {
            throw scaling.Invalid("partial_rotary_factor", "must be 1 for this architecture", partial);
        }

        string type = scaling.OptionalText("rope_type") ?? scaling.OptionalText("type") ?? "default";
        return type switch
        {
            "default" => plain,
            "linear" => plain with { Type = RopeType.Linear, Factor = ReadFactor(scaling) },
            "dynamic" => plain with { Type = RopeType.Dynamic, Factor = ReadFactor(scaling) },
            "llama3" => ReadLlama3(plain, scaling),
            "yarn" => ReadYarn(plain, scaling, maxPositions),
            _ => throw scaling.Invalid("rope_type", "must be one of default, linear, dynamic, llama3, yarn", type),
        };
    }

    private static double ReadFactor(JsonFields scaling)
    {
        double factor = scaling.Number("factor");
        return factor >= 1 ? factor : throw scaling.Invalid("factor", "must be at least 1", factor);
    }

    private static RopeSettings ReadLlama3(RopeSettings plain, JsonFields scaling)
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
            OriginalMaxPositions = scaling.Size("original_max_position_embeddings"),
        };
    }

    private static RopeSettings ReadYarn(RopeSettings plain, JsonFields scaling, int maxPositions)
    {
        int original = scaling.OptionalSize("original_max_position_embeddings") ?? maxPositions;
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
