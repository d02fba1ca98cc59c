using System.Globalization;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;

namespace Hypercompress.Cli.Output;

/// <summary>A sweep as people read it.</summary>
internal static class SweepText
{
    /// <summary>Writes a table, one line for each ratio.</summary>
    /// <param name="results">Standard output.</param>
    /// <param name="run">The sweep.</param>
    public static void Write(TextWriter results, SweepRun run)
    {
        results.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"teacher: {run.TeacherBytes:N0} bytes, perplexity {run.TeacherPerplexity:F2}; expected without training:"));
        results.WriteLine();
        results.WriteLine("  ratio          bytes   bits/weight   limit   perplexity         low to high");
        foreach (PlanForecast point in run.Points)
        {
            PerplexityForecast prediction = point.Prediction;
            string limit = point.Limit is { } known
                ? string.Create(CultureInfo.InvariantCulture, $"{known.Bits,13:F3} {known.LimitBits,7:F3}")
                : $"{"",21}";
            string band = string.Create(CultureInfo.InvariantCulture, $"{prediction.Low:F2} to {prediction.High:F2}");
            results.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{point.Plan.Ratio,7:F2} {point.Plan.Bytes,14:N0} {limit} {prediction.Perplexity,12:F2} {band,19}{(point.Verdict.Sensible ? "" : "  beyond sensible quality")}"));
        }

        foreach ((double ratio, string reason) in run.Refusals)
        {
            results.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ratio,7:F2} refused: {reason}"));
        }
    }
}
