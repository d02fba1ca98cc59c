using System.Text.Json.Nodes;
using Hypercompress.Planning;
using Hypercompress.Planning.Offers;

namespace Hypercompress.Cli.Output;

/// <summary>Predicted quality of plans in the JSON documents of several verbs.</summary>
internal static class PredictionJson
{
    /// <summary>A perplexity with its band.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <returns>The object.</returns>
    public static JsonObject Write(PerplexityForecast prediction) => new()
    {
        ["value"] = prediction.Perplexity,
        ["low"] = prediction.Low,
        ["high"] = prediction.High,
    };

    /// <summary>A perplexity with its band, where there is one.</summary>
    /// <param name="prediction">The prediction, or null.</param>
    /// <returns>The object, or null.</returns>
    public static JsonObject? WriteOptional(PerplexityForecast? prediction) =>
        prediction is null ? null : Write(prediction);

    /// <summary>A verdict.</summary>
    /// <param name="verdict">The verdict.</param>
    /// <returns>The object.</returns>
    public static JsonObject Write(QualityVerdict verdict) => new()
    {
        ["sensible"] = verdict.Sensible,
        ["max_perplexity_factor"] = verdict.MaxPerplexityFactor,
        ["nearest_sensible_ratio"] = verdict.NearestSensibleRatio,
    };

    /// <summary>A distance to the rate–distortion limit.</summary>
    /// <param name="limit">The distance, or null.</param>
    /// <returns>The object, or null.</returns>
    public static JsonObject? Write(RateLimit? limit) => limit is null ? null : new JsonObject
    {
        ["bits_per_weight"] = limit.Bits,
        ["limit_bits_per_weight"] = limit.LimitBits,
        ["error_nats"] = limit.Error,
        ["limit_error_nats"] = limit.LimitError,
    };
}
