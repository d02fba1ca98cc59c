using System.Collections.Immutable;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Planning.Offers;
using Hypercompress.Reporting;
using Hypercompress.Training;

namespace Hypercompress.Tests.Reporting;

/// <summary>A report with one of everything.</summary>
internal static class SampleReport
{
    public static CompressionReport Create() => new()
    {
        Model = "tiny|stories",
        Artifact = "out/tiny",
        Mode = "hybrid",
        AskedRatio = 4,
        Bytes = new(4000, 1000),
        Parameters = new(2000, 400),
        KvBytesPerToken = new(300, 100),
        Memory = new RuntimeMemory(30_000_000, 20_000_000, 70_000_000, 1920),
        MultiplyAddsPerToken = new(6000, 4000),
        Evaluation = new EvaluationReport(
        [
            new ComparisonResult(
                new PerplexityResult("a/wiki.txt", "paper", 2048, 20, Math.Log(20), 0.01, 2047, 0.5, 0.02),
                new PerplexityResult("a/wiki.txt", "paper", 2048, 25, Math.Log(25), 0.02, 2047, 0.4, 0.02),
                0.2, 0.003, 0.8, 0.01, 0.22, 0.004),
        ]),
        PredictedPerplexity = new PerplexityForecast(22.5, 21, 24),
        PredictedTrainedPerplexity = new PerplexityForecast(21.75, 20.5, 23),
        Baselines = [new BaselineReport("model.layers.0.mlp.up_proj", 0.5, 64, 12)],
        Structure = new StructureReport(2000, 400, 5, 0.002),
        Sites =
        [
            new SiteReport("model.layers.0.mlp.up_proj", "low-rank rank 8 f16", 10, 40, 0.001, 0.002,
                ImmutableSortedDictionary<string, double>.Empty.Add("sparsity", 0.005)),
        ],
        Branches =
        [
            new BranchReport(
                "lra",
                ImmutableSortedDictionary<string, double>.Empty.Add("ratio", 2).Add("broken", double.PositiveInfinity),
                ImmutableSortedDictionary<string, string>.Empty.Add("source", "a paper")),
        ],
        Training =
        [
            TrainingReport.From("distillation", new TrainingHistory(
                [new TrainingStep(0, 512, 3, 1e-4, 1), new TrainingStep(1, 1024, 2, 1e-4, 1)],
                ImmutableSortedDictionary<int, HeldOutScore>.Empty.Add(1, new HeldOutScore(9.5, 0.25)),
                "token budget")),
            TrainingReport.From("fine-tuning", TrainingHistory.Off),
        ],
        Phases = [new PhaseReport("analysis", 1.5)],
        Seconds = 12.25,
        PeakRssBytes = 987_654_321,
        Notes = ["factorization was switched on"],
    };
}
