using System.Globalization;
using Hypercompress.Models.Files;
using Hypercompress.Planning.Offers;
using Hypercompress.Planning.Outlook;

namespace Hypercompress.Cli.Output;

/// <summary>Writes a sweep for people.</summary>
internal static class SweepText
{
    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes a table, one line for each ratio.</summary>
    /// <param name="results">Standard output.</param>
    /// <param name="run">The sweep.</param>
    public static void Write(TextWriter results, SweepRun run)
    {
        bool trains = run.Points.Any(point => point.Trains);
        bool knowsTrained = run.Points.Any(point => point.Trained is not null);
        results.WriteLine(string.Create(
            Culture,
            $"teacher: {SizeText.Of(run.TeacherBytes)}, perplexity {run.TeacherPerplexity:F2}; "
            + $"predicted{(trains ? " before training" : "")}{(knowsTrained ? ", and after it" : "")}:"));
        results.WriteLine();
        results.WriteLine(
            "  ratio      bytes   bits/weight   limit   perplexity         low to high"
            + (knowsTrained ? "      trained         low to high" : string.Empty));
        foreach (PlanForecast point in run.Points)
        {
            results.WriteLine(Row(point, knowsTrained));
        }

        foreach ((double ratio, string reason) in run.Refusals)
        {
            results.WriteLine(string.Create(Culture, $"{ratio,7:F2} refused: {reason}"));
        }
    }

    private static string Row(PlanForecast point, bool knowsTrained)
    {
        string limit = point.Limit is { } known
            ? string.Create(Culture, $"{known.Bits,13:F3} {known.LimitBits,7:F3}")
            : $"{"",21}";
        string trained = knowsTrained ? " " + Figures(point.Trained) : string.Empty;
        string verdict = point.Verdict.Sensible ? "" : "  not recommended";
        return string.Create(
            Culture,
            $"{point.Plan.Ratio,7:F2} {SizeText.Of(point.Plan.Bytes),10} {limit} "
            + $"{Figures(point.Prediction)}{trained}{verdict}").TrimEnd();
    }

    private static string Figures(PerplexityForecast? prediction) => prediction is null
        ? $"{"",32}"
        : string.Create(Culture, $"{prediction.Perplexity,12:F2} {prediction.Band("F2"),19}");
}
