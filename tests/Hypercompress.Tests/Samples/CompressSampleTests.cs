using System.Text.RegularExpressions;
using Hypercompress.Configuration;
using Hypercompress.InCode;

namespace Hypercompress.Tests.Samples;

/// <summary>The sample program that compresses in code, on the model that is part of the command line.</summary>
[Collection<AloneCollection>]
public sealed class CompressSampleTests
{
    [Fact]
    public async Task Run_CompressesAndContinues()
    {
        using var scratch = new ScratchFolder();
        using var output = new StringWriter();
        string model = RepositoryFiles.PathOf("src/Hypercompress.Cli/BuiltIn");
        var few = new PipelineConfig
        {
            Planner = new() { Probes = "off" },
            Distillation = new() { Enabled = false },
            Finetune = new() { Enabled = false },
            Sequential = new() { Enabled = false },
            Evaluation = new() { MaxTokens = 256, Window = 128 },
            Data = new() { CalibrationTokens = 2048, FisherTokens = 256, SequenceLength = 128 },
            Runtime = new() { Threads = 1 },
        };

        await CompressSample.RunAsync(
            model,
            Path.Combine(model, "calibration.txt"),
            scratch.Of("small"),
            few,
            output,
            TestContext.Current.CancellationToken);

        string[] lines = output.ToString().Split('\n', StringSplitOptions.TrimEntries);
        Assert.Contains("evaluation …", lines);
        Assert.Contains(
            lines, line => Regex.IsMatch(line, @"^4\.00\dx, perplexity \d+\.\d\d, of the teacher \d+\.\d\d$"));
        Assert.True(lines[^2].Length > 20, output.ToString());
    }
}
