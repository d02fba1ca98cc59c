using System.Globalization;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Reporting;

namespace Hypercompress.Cli.Output;

/// <summary>The result of <c>compress</c> as people read it.</summary>
internal static class ResultText
{
    /// <summary>Writes the result.</summary>
    /// <param name="results">Standard output.</param>
    /// <param name="made">What the run made.</param>
    public static void Write(TextWriter results, PipelineArtifacts made)
    {
        CompressionReport report = made.Report;
        Line(results, "artifact", made.Folder);
        Line(results, "ratio", string.Create(
            CultureInfo.InvariantCulture,
            $"{report.CompressionRatio:F3}x (asked {report.AskedRatio:F3}x): weights {Units.Bytes(report.Bytes.Teacher)} → {Units.Bytes(report.Bytes.Student)}, files {Units.Bytes(made.Manifest.FileBytes)}"));
        Line(results, "parameters", string.Create(
            CultureInfo.InvariantCulture,
            $"{report.ParamRatio:F2}x fewer stored, cache {report.KvRatio:F2}x smaller, {report.FlopRatio:F2}x fewer multiply-adds"));
        if (report is { Perplexity: { } perplexity, PerplexityStderr: { } error })
        {
            Line(results, "perplexity", string.Create(
                CultureInfo.InvariantCulture,
                $"teacher {perplexity.Teacher:F2} ± {error.Teacher:F2}, student {perplexity.Student:F2} ± {error.Student:F2}"));
        }

        Line(results, "took", string.Create(
            CultureInfo.InvariantCulture, $"{report.Seconds:F0} s, peak memory {Units.Bytes(report.PeakRssBytes)}"));
        WriteSamples(results, made.Samples);
        results.WriteLine();
        results.WriteLine($"next: hypercompress generate {made.Folder} --prompt \"{Beginning(made.Samples.Prompt)}\"");
        results.WriteLine($"      hypercompress verify {made.Folder}");
    }

    private static void WriteSamples(TextWriter results, TextSamples samples)
    {
        results.WriteLine();
        results.WriteLine($"teacher: {OneLine(samples.Prompt)} |{OneLine(samples.Teacher)}");
        results.WriteLine();
        results.WriteLine($"student: {OneLine(samples.Prompt)} |{OneLine(samples.Student)}");
    }

    private static void Line(TextWriter results, string name, string value) => results.WriteLine($"{name,-12} {value}");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Beginning(string prompt) => string.Join(' ', OneLine(prompt).Split(' ').Take(4)).Replace("\"", "", StringComparison.Ordinal);
}
