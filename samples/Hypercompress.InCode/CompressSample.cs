using System.Globalization;
using Hypercompress.Configuration;
using Hypercompress.Models.Generation;
using Hypercompress.Pipeline.Runs;

namespace Hypercompress.InCode;

/// <summary>Compresses a model and continues a text with the result, in code and without the command line.</summary>
public static class CompressSample
{
    /// <summary>Compresses a model to a quarter of its bytes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="text">A text like those that the model will read.</param>
    /// <param name="folder">Where the artifact appears.</param>
    /// <param name="settings">All settings but size and text.</param>
    /// <param name="output">Gets what was reached, and a text.</param>
    /// <param name="cancellation">Stops it.</param>
    public static async Task RunAsync(
        string model,
        string text,
        string folder,
        PipelineConfig settings,
        TextWriter output,
        CancellationToken cancellation)
    {
        var options = new CompressorOptions
        {
            Config = settings with { Data = settings.Data with { Calibration = [text] } },
            Progress = new PhaseLines(output),
        };
        PipelineArtifacts made = await Compressor.CompressAsync(model, ratio: 4, folder, options, cancellation);
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{made.Report.CompressionRatio:F3}x, perplexity {made.Report.Perplexity?.Student:F2}, "
            + $"of the teacher {made.Report.Perplexity?.Teacher:F2}"));

        using TextModel student = TextModel.Open(made.Folder);
        var sampling = new SamplingOptions { MaxTokens = 32 };
        await foreach (string piece in student.ContinueAsync("Once upon a time", sampling, cancellation))
        {
            await output.WriteAsync(piece);
        }

        await output.WriteLineAsync();
    }
}
