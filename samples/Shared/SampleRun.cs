using System.Globalization;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Phases;
using Hypercompress.Pipeline;
using Hypercompress.Pipeline.Runs;

namespace Hypercompress.Samples;

/// <summary>A compression with branches or number formats of a sample, in code and without the command line.</summary>
internal static class SampleRun
{
    /// <summary>Compresses a model and prints what a sample shows of the result.</summary>
    /// <param name="args">Folder of the model, calibration text, folder of the artifact.</param>
    /// <param name="registry">The branches and number formats.</param>
    /// <param name="yaml">The configuration.</param>
    /// <param name="describe">Gives the lines that the sample prints of its artifact.</param>
    /// <returns>The exit code: 0, 2 where arguments are missing, or that of the failure.</returns>
    public static int Compress(
        string[] args, BranchRegistry registry, string yaml, Func<PipelineArtifacts, IEnumerable<string>> describe)
    {
        if (args.Length != 3)
        {
            Console.Error.WriteLine("usage: MODEL TEXT OUT");
            return 2;
        }

        try
        {
            Compress(args[0], args[1], args[2], registry, yaml, describe);
            return 0;
        }
        catch (HypercompressException fault)
        {
            Console.Error.WriteLine($"error: {fault.Message}");
            return fault.ExitCode;
        }
    }

    private static void Compress(
        string model,
        string text,
        string output,
        BranchRegistry registry,
        string yaml,
        Func<PipelineArtifacts, IEnumerable<string>> describe)
    {
        PipelineConfig config = new PipelineConfigReader(registry.Registrations).Parse(
            yaml, "sample", ConfigOverrides.None.WithTexts("data.calibration", [text], "TEXT"));
        using ModelPackage package = ModelPackage.Open(model);
        var pipeline = new CompressionPipeline(
            config, registry, new LoggingManager([]), TimeProvider.System, CancellationToken.None);
        PipelineArtifacts made = pipeline.Run(new PipelineRequest(package, output, Replace: false, PlanFile: null));
        foreach (string line in describe(made))
        {
            Console.WriteLine(line);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{made.Report.CompressionRatio:F3}x, perplexity {made.Report.Perplexity?.Student:F2}, "
            + $"of the teacher {made.Report.Perplexity?.Teacher:F2}"));
    }
}
