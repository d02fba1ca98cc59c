using System.Globalization;
using Hypercompress.Models.Files;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning.Offers;
using Hypercompress.Reporting;
using Hypercompress.Settings;

namespace Hypercompress.Cli.Output;

/// <summary>Writes the result of <c>compress</c> for people.</summary>
internal static class ResultText
{
    private const int PromptWords = 3;
    private const int NameWidth = 13;
    private const int LeastTextWidth = 20;
    private const string PlainCharacters = "/:._-+@,=%";

    private static readonly CultureInfo Culture = CultureInfo.InvariantCulture;

    /// <summary>Writes the result.</summary>
    /// <param name="results">Standard output.</param>
    /// <param name="made">The artifact with its measurements.</param>
    /// <param name="exports">A line on what exports would take, or null.</param>
    /// <param name="isKept">Whether the artifact stays; otherwise an export of it is all there is.</param>
    /// <param name="columns">Width of the screen; texts of the models are cut to it.</param>
    /// <param name="asked">The size as it was asked for in bytes; null for a ratio.</param>
    public static void Write(
        TextWriter results,
        PipelineArtifacts made,
        string? exports = null,
        bool isKept = true,
        int columns = 100,
        ByteSize? asked = null)
    {
        CompressionReport report = made.Report;
        if (isKept)
        {
            Line(results, "artifact", made.Folder);
        }

        if (report.Student is { } student)
        {
            Line(results, "student", $"{student}, compressed in the place of {report.Model}");
        }

        Line(results, "ratio", string.Create(
            Culture,
            $"{Ratio(report.CompressionRatio, report.AskedRatio, asked)}: "
            + $"weights {SizeText.Of(report.Bytes.Teacher)} → {SizeText.Of(report.Bytes.Student)}, "
            + $"files {SizeText.Of(made.Manifest.FileBytes)}"));
        if (exports is not null)
        {
            results.WriteLine(exports);
        }

        if (Inference(report) is { } inference)
        {
            Line(results, "inference", inference);
        }

        if (report is { Perplexity: { } perplexity, PerplexityStderr: { } error })
        {
            string predicted =
                Predicted(report.PredictedPerplexity, report.PredictedTrainedPerplexity, report.IsTrained);
            Line(results, "perplexity", string.Create(
                Culture,
                $"teacher {perplexity.Teacher:F2} ± {error.Teacher:F2}, "
                + $"student {perplexity.Student:F2} ± {error.Student:F2}{predicted}"));
        }

        string expected = report.Expected is { } said
            ? string.Create(Culture, $" (expected {said.Seconds:F0} s, {SizeText.Of(said.PeakRssBytes)})")
            : string.Empty;
        Line(results, "time, memory", string.Create(
            Culture, $"{report.Seconds:F0} s, {SizeText.Of(report.PeakRssBytes)}{expected}"));
        WriteSamples(results, made.Samples, columns);
        if (isKept)
        {
            WriteNext(results, made);
        }
    }

    /// <summary>A ratio, and the one that was asked for where it differs.</summary>
    /// <param name="reached">Teacher bytes / student bytes.</param>
    /// <param name="asked">The same, as it was asked for.</param>
    /// <param name="bytes">The size where it was asked for in bytes; null for a ratio.</param>
    /// <returns>Such as <c>4.000x</c>, <c>4.013x (asked 4.000x)</c> or <c>4.013x (asked 40MB)</c>.</returns>
    internal static string Ratio(double reached, double asked, ByteSize? bytes = null)
    {
        string ratio = string.Create(Culture, $"{reached:F3}x");
        string wanted = string.Create(Culture, $"{asked:F3}x");
        return ratio == wanted ? ratio : $"{ratio} (asked {bytes?.ToString() ?? wanted})";
    }

    /// <summary>What the plan let expect of the student's perplexity.</summary>
    /// <param name="before">Before training; null where it was not predicted.</param>
    /// <param name="after">After training; null where there was none, or it was not predicted.</param>
    /// <param name="trained">Whether the student was trained.</param>
    /// <returns>
    /// Such as <c> (predicted 25.68, 24.51 to 28.03)</c> with a space before it, of the student as it is in the end
    /// where that was predicted; empty where nothing was.
    /// </returns>
    internal static string Predicted(PerplexityForecast? before, PerplexityForecast? after, bool trained)
    {
        string when = trained && after is null ? " before training" : string.Empty;
        PerplexityForecast? forecast = after ?? before;
        string band = forecast?.Band("F2") is { } ends ? $", {ends}" : string.Empty;
        return forecast is null
            ? string.Empty
            : string.Create(Culture, $" (predicted {forecast.Perplexity:F2}{band}{when})");
    }

    private static void WriteNext(TextWriter results, PipelineArtifacts made)
    {
        results.WriteLine();
        string folder = Quoted(made.Folder);
        string prompt = Beginning(made.Samples.Prompt);
        results.WriteLine($"next: {ProgramName.Command} generate {folder} --prompt \"{prompt}\"");
        results.WriteLine($"      {ProgramName.Command} verify {folder}");
    }

    /// <summary>Says how much less of something the student needs.</summary>
    /// <param name="name">What it needs less of.</param>
    /// <param name="ratio">Teacher / student; above 0.</param>
    /// <param name="less">The word for a ratio above 1.</param>
    /// <param name="more">The word for a ratio below 1.</param>
    /// <returns>Such as <c>cache 2.00x smaller</c> or <c>cache unchanged</c>.</returns>
    internal static string Change(string name, double ratio, string less, string more) => IsUnchanged(ratio)
        ? $"{name} unchanged"
        : string.Create(Culture, $"{name} {Math.Max(ratio, 1 / ratio):F2}x {(ratio > 1 ? less : more)}");

    /// <summary>A path as it is typed in a shell.</summary>
    /// <param name="path">Any path.</param>
    /// <returns>The path, in quotes where it needs them.</returns>
    internal static string Quoted(string path) =>
        path.All(character => char.IsAsciiLetterOrDigit(character)
            || PlainCharacters.Contains(character, StringComparison.Ordinal))
            ? path
            : OperatingSystem.IsWindows() ? $"\"{path}\"" : $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static string? Inference(CompressionReport report) =>
        IsUnchanged(report.ParamRatio) && IsUnchanged(report.KvRatio) && IsUnchanged(report.FlopRatio)
            ? null
            : string.Join(
                ", ",
                Change("stored parameters", report.ParamRatio, "fewer", "more"),
                Change("cache", report.KvRatio, "smaller", "larger"),
                Change("multiply-adds", report.FlopRatio, "fewer", "more"));

    private static bool IsUnchanged(double ratio) => Math.Abs(ratio - 1) < 0.005;

    private static void WriteSamples(TextWriter results, TextSamples samples, int columns)
    {
        int width = Math.Max(LeastTextWidth, columns - NameWidth);
        results.WriteLine();
        Line(results, "prompt", Shortened(OneLine(samples.Prompt).Trim(), width));
        Line(results, "teacher", Shortened("… " + OneLine(samples.Teacher).Trim(), width));
        Line(results, "student", Shortened("… " + OneLine(samples.Student).Trim(), width));
    }

    /// <summary>A text that fits a line: cut between two words where it is too long.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">Characters of the line, 3 or more.</param>
    /// <returns>The text, or its beginning with an ellipsis.</returns>
    internal static string Shortened(string text, int width)
    {
        if (text.Length <= width)
        {
            return text;
        }

        int end = text.LastIndexOf(' ', width - 2);
        return text[..(end > 2 ? end : width - 2)] + " …";
    }

    private static void Line(TextWriter results, string name, string value) =>
        results.WriteLine($"{name,-12} {value}");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private static string Beginning(string prompt)
    {
        string words = string.Join(' ', OneLine(prompt).Trim().Split(' ').Take(PromptWords));
        return string.Concat(words.Where(character => !"\"$`\\!".Contains(character, StringComparison.Ordinal)));
    }
}
