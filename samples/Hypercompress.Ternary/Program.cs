using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Models.Packages;
using Hypercompress.Phases;
using Hypercompress.Pipeline;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Ternary;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: MODEL TEXT OUT");
    return 2;
}

// The one line that adds the number format.
BranchRegistry registry = new BranchRegistry().With(TernaryFormat.Registration);

PipelineConfig config = new PipelineConfigReader(registry.Registrations).Parse(
    """
    targets:
      compression_ratio: 6
    branches:
      quantization:
        formats: [int8-g64, uint4-g64, ternary-g64]
        entropy_coding: false
    """,
    "sample",
    ConfigOverrides.None.WithTexts("data.calibration", [args[1]], "TEXT"));
using ModelPackage package = ModelPackage.Open(args[0]);
var pipeline = new CompressionPipeline(
    config, registry, new LoggingManager([]), TimeProvider.System, CancellationToken.None);
PipelineArtifacts made = pipeline.Run(new PipelineRequest(package, args[2], Replace: false, PlanFile: null));
foreach (var form in made.Report.Sites.CountBy(site => site.Form))
{
    Console.WriteLine($"{form.Value} sites: {form.Key}");
}

Console.WriteLine($"{made.Report.CompressionRatio:F3}x, perplexity {made.Report.Perplexity}");
return 0;
