using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Hypercompress.Evaluation.Perplexity;
using Hypercompress.Evaluation.Suite;
using Hypercompress.Planning;
using Hypercompress.Planning.Outlook;
using Hypercompress.Reporting;
using Hypercompress.Training;

namespace Hypercompress.Tests.Reporting.Pages;

/// <summary>A report with everything that a page shows.</summary>
internal static class FullReport
{
    /// <summary>The report, with one text in every place that strangers can fill.</summary>
    /// <param name="text">The text.</param>
    public static JsonObject Create(string text = "plain") => ReportJson.ToNode(Build(text));

    private static CompressionReport Build(string text)
    {
        CompressionReport sample = SampleReport.Create();
        ComparisonResult scores = sample.Evaluation.Texts[0];
        return sample with
        {
            Model = text,
            Evaluation = new EvaluationReport(
            [
                scores with
                {
                    Teacher = scores.Teacher with { File = $"folder/{text}" },
                    Quantiles = new DivergenceQuantiles(0.1, 0.8, 1.7, 3.25),
                    ProbabilityDifference = 0.0625,
                    ProbabilityDifferenceStandardError = 0.001,
                },
            ]),
            Limit = new RateLimit(4, 3.5, 0.02, 0.01),
            Front =
            [
                .. Enumerable.Range(1, 8).Select(i => new FrontPoint(i, 4000 / i, 20 + i, 19 + i, 21 + i, 19.5 + i)
                {
                    TrainedPerplexity = i > 2 ? 19.8 + i : null,
                }),
            ],
            Sites =
            [
                .. from layer in Enumerable.Range(0, 3)
                   from matrix in (string[])["self_attn.q_proj", "mlp.up_proj"]
                   select new SiteReport(
                       $"model.layers.{layer}.{matrix}", text, 10, 40, 0.001, 0.002,
                       ImmutableSortedDictionary<string, double>.Empty.WithComparers(StringComparer.Ordinal))
                   {
                       BitsPerWeight = 2 + layer,
                   },
                new SiteReport(text, text, 10, 40, 0.001, 0.002,
                    ImmutableSortedDictionary<string, double>.Empty.WithComparers(StringComparer.Ordinal))
                {
                    BitsPerWeight = 5.5,
                },
            ],
            Training =
            [
                TrainingReport.From("distillation", new TrainingHistory(
                    [.. Enumerable.Range(0, 600).Select(i => new TrainingStep(i, i * 64, 3 - (i / 600.0), 1e-4, 1))],
                    TrainingHistory.Off.Validations,
                    "token budget")) with
                {
                    Validations = ImmutableSortedDictionary<int, double>.Empty.Add(0, 9.5).Add(600, 8.5),
                },
            ],
            Phases = [new PhaseReport("analysis", 1.5) { PeakRssBytes = 500_000_000 }, new PhaseReport("merge", 0.5)],
            Texts = [new TextReport(text, "calibration", new string('a', 64), 1000, 800)],
            Continuations =
            [
                new ContinuationReport(text, text, text, 0, 1),
                new ContinuationReport("prompt", "teacher's words", "student's words", 0.8, 1),
            ],
            Conditions = new ConditionsReport("hypercompress 0.1.0", 3, 2, 4, "Linux, x64", ".NET 10"),
            Notes = [text],
        };
    }
}
