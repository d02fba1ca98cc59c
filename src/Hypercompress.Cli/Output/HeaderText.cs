using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Models.Files;
using Hypercompress.Planning.Outlook;

namespace Hypercompress.Cli.Output;

/// <summary>Writes what <c>plan</c> knows of a model without calibration text.</summary>
internal static class HeaderText
{
    /// <summary>Writes it for people.</summary>
    /// <param name="results">Standard output.</param>
    /// <param name="forecast">The forecast.</param>
    public static void Write(TextWriter results, HeaderForecast forecast)
    {
        Line(results, "ratio", string.Create(
            CultureInfo.InvariantCulture,
            $"{forecast.AskedRatio:F3}x: {SizeText.Of(forecast.TeacherBytes)} → {SizeText.Of(forecast.Bytes)}, "
            + $"{forecast.BitsPerWeight:F2} bits for each of {forecast.Parameters:#,##0} weights"));
        Line(
            results,
            "limits",
            $"between {SizeText.Of(forecast.LeastBytes)} and {SizeText.Of(forecast.MostBytes)} (uncompressed)");
        Line(
            results,
            "compress",
            $"takes about {SizeText.Of(forecast.RamBytes)} of memory and {SizeText.Of(forecast.DiskBytes)} of disk");
        Line(
            results,
            "note",
            "this reads only the headers; with --calibration TEXT it plans every matrix and predicts quality and time");
    }

    /// <summary>Writes it for programs; what is not known without a text is null.</summary>
    /// <param name="forecast">The forecast.</param>
    /// <returns>The document of <c>plan --json</c>.</returns>
    public static JsonObject ToJson(HeaderForecast forecast) => new()
    {
        ["asked_ratio"] = forecast.AskedRatio,
        ["compression_ratio"] = null,
        ["bytes"] = forecast.Bytes,
        ["teacher_bytes"] = forecast.TeacherBytes,
        ["least_bytes"] = forecast.LeastBytes,
        ["most_bytes"] = forecast.MostBytes,
        ["bits_per_weight"] = forecast.BitsPerWeight,
        ["predicted_perplexity"] = null,
        ["sites"] = new JsonArray(),
        ["estimate"] = new JsonObject
        {
            ["ram_bytes"] = forecast.RamBytes,
            ["disk_bytes"] = forecast.DiskBytes,
            ["seconds"] = null,
        },
    };

    private static void Line(TextWriter results, string name, string value) =>
        results.WriteLine($"{name,-12} {value}");
}
