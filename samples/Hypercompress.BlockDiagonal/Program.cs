using Hypercompress.BlockDiagonal;
using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Models.Packages;
using Hypercompress.Phases;
using Hypercompress.Pipeline;
using Hypercompress.Pipeline.Runs;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: MODEL TEXT OUT");
    return 2;
}

// The one line that adds the branch.
BranchRegistry registry = new BranchRegistry().With(BlockDiagonalBranch.Registration);

PipelineConfig config = new PipelineConfigReader(registry.Registrations).Parse(
    """
    targets:
      compression_ratio: 6
    distillation:
      enabled: false
    finetune:
      enabled: false
    """,
    "sample",
    ConfigOverrides.None.WithTexts("data.calibration", [args[1]], "TEXT"));
using ModelPackage package = ModelPackage.Open(args[0]);
var pipeline = new CompressionPipeline(
    config, registry, new LoggingManager([]), TimeProvider.System, CancellationToken.None);
PipelineArtifacts made = pipeline.Run(new PipelineRequest(package, args[2], Replace: false, PlanFile: null));
foreach (var branch in made.Report.Branches)
{
    Console.WriteLine($"{branch.Name}: {branch.Metrics["sites"]} sites, {branch.Metrics["bytes"]:N0} bytes");
}

Console.WriteLine($"{made.Report.CompressionRatio:F3}x, perplexity {made.Report.Perplexity}");
return 0;
