using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Hypercompress.Models.Files;

namespace Hypercompress.Cli.Output;

/// <summary>What <c>bench</c> measured, for people.</summary>
internal static class BenchText
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Median, mean and standard deviation of rates.</summary>
    /// <param name="rates">The rates.</param>
    /// <returns>Null when there are none.</returns>
    public static JsonObject? Summary(double[] rates) => rates.Length == 0
        ? null
        : new JsonObject
        {
            ["median"] = Median(rates),
            ["mean"] = rates.Average(),
            ["stddev"] = Math.Sqrt(SquaredDeviations(rates) / Math.Max(rates.Length - 1, 1)),
        };

    /// <summary>The middle of rates.</summary>
    /// <param name="rates">At least one.</param>
    public static double Median(double[] rates)
    {
        double[] sorted = [.. rates.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>A few lines of text.</summary>
    /// <param name="document">The document of <c>--json</c>.</param>
    public static string Of(JsonObject document)
    {
        var text = new StringBuilder();
        Add(text, document, "prefill", "prefill_tokens");
        Add(text, document, "decode", "decode_tokens");
        text.Append(Culture, $"load     {Number(document, "load_seconds"):F2} s, ")
            .Append(Culture, $"peak memory {SizeText.Of((long)Number(document, "peak_rss_bytes"))}, ")
            .Append(Culture, $"cache {Number(document, "kv_bytes_per_token"):F0} bytes per token\n")
            .Append(Culture, $"weights  {SizeText.Of((long)Number(document, "bytes_per_token"))} read per token; ")
            .Append(Culture, $"this machine reads {SizeText.Of((long)Number(document, "read_bytes_per_second"))}/s");
        if (document["read_rate_share"] is not null)
        {
            text.Append(Culture, $", of which decoding uses {100 * Number(document, "read_rate_share"):F0} %");
        }

        return text.Append(Culture, $"\nengine   {document["engine"]}, ")
            .Append(Units.Count((int)document["threads"]!, "thread")).ToString();
    }

    private static double SquaredDeviations(double[] rates)
    {
        double mean = rates.Average();
        return rates.Sum(rate => (rate - mean) * (rate - mean));
    }

    private static void Add(StringBuilder text, JsonObject document, string part, string tokens)
    {
        if (document["tokens_per_second"]![part] is JsonObject rates)
        {
            text.Append(Culture, $"{part,-8} {Number(rates, "median"):F1} tokens/s, ")
                .Append(Culture, $"mean {Number(rates, "mean"):F1} ± {Number(rates, "stddev"):F1}, ")
                .Append(Culture, $"{Units.Count((int)document[tokens]!, "token")}, ")
                .Append(Culture, $"{Units.Count((int)document["repetitions"]!, "time")}\n");
        }
    }

    private static double Number(JsonObject document, string key) => document[key] switch
    {
        JsonValue value when value.TryGetValue(out double number) => number,
        JsonValue value when value.TryGetValue(out long number) => number,
        _ => 0,
    };
}
