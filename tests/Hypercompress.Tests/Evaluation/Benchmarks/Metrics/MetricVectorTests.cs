using System.Text.Json.Nodes;
using Hypercompress.Evaluation.Benchmarks;
using Hypercompress.Evaluation.Benchmarks.Metrics;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Evaluation.Statistics;
using Hypercompress.Tests.Evaluation.Benchmarks.Tasks;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Metrics;

/// <summary>Metrics, standard errors, filters and windows against values of the harness' own functions.</summary>
public sealed class MetricVectorTests
{
    private readonly JsonNode _golden =
        JsonNode.Parse(File.ReadAllText(SharedFiles.Require("golden/eval/metric_vectors.json")))!;

    [Fact]
    public void F1AndMcc_AreThoseOfTheHarness() => Assert.All(_golden["binary"]!.AsArray(), vector =>
    {
        DocumentScore[] scores = Pairs(vector!["gold_pred"]!);
        Assert.Equal((double)vector["f1"]!, Aggregates.F1(scores), 1e-12);
        Assert.Equal((double)vector["mcc"]!, Aggregates.Mcc(scores), 1e-12);
    });

    [Theory]
    [InlineData("f1")]
    [InlineData("mcc")]
    public void Bootstrap_OfPairs_DrawsAsTheHarness(string name)
    {
        JsonNode vector = _golden["bootstrap"]![name]!;
        TaskMetric metric = TaskMetrics.Find(name, TaskOutputType.MultipleChoice)!;
        double? error = metric.StandardError(Pairs(vector["gold_pred"]!), (int)vector["iters"]!);
        Assert.Equal((double)vector["stderr"]!, error!.Value, 1e-9);
    }

    [Fact]
    public void Bootstrap_OfPerplexity_DrawsAsTheHarness() =>
        Assert.All(_golden["bootstrap"]!["perplexity"]!.AsArray(), vector =>
        {
            TaskMetric metric = TaskMetrics.Find("perplexity", TaskOutputType.Loglikelihood)!;
            DocumentScore[] scores =
                [.. GoldenTask.Numbers(vector!["loglikelihoods"]!).Select(value => new DocumentScore(value))];
            Assert.Equal((double)vector["value"]!, metric.Aggregate(scores), 1e-9);
            Assert.Equal((double)vector["stderr"]!, metric.StandardError(scores, (int)vector["iters"]!)!.Value, 1e-6);
        });

    [Fact]
    public void Mean_HasTheErrorOfASample()
    {
        JsonNode vector = _golden["mean"]!;
        TaskMetric metric = TaskMetrics.Find("acc", TaskOutputType.MultipleChoice)!;
        DocumentScore[] scores = [.. GoldenTask.Numbers(vector["values"]!).Select(value => new DocumentScore(value))];
        Assert.Equal((double)vector["mean"]!, metric.Aggregate(scores), 1e-12);
        Assert.Equal((double)vector["stderr"]!, metric.StandardError(scores, 0)!.Value, 1e-12);
        Assert.Null(metric.StandardError(scores[..1], 0));
    }

    [Fact]
    public void WeightedPerplexity_CountsOverAllDocuments()
    {
        JsonNode vector = _golden["weighted_perplexity"]!;
        DocumentScore[] scores = Pairs(vector["loglikelihood_weight"]!);
        Assert.Equal((double)vector["weighted_perplexity"]!, Aggregates.WeightedPerplexity(scores), 1e-9);
        Assert.Equal((double)vector["bits_per_byte"]!, Aggregates.BitsPerByte(scores), 1e-9);
    }

    [Fact]
    public void Groups_AreWeightedAndPooled()
    {
        JsonNode vector = _golden["group"]!;
        double[] values = GoldenTask.Numbers(vector["metrics"]!);
        double[] errors = GoldenTask.Numbers(vector["stderrs"]!);
        double[] sizes = GoldenTask.Numbers(vector["sizes"]!);
        TaskDefinition[] tasks = [.. values.Select((_, i) => new TaskDefinition { Task = $"t{i}", Family = $"t{i}" })];
        var group = new TaskGroup { Group = "all", Tasks = [.. tasks.Select(task => task.Task)], Metrics = ["acc"] };
        TaskResult[] results =
        [
            .. tasks.Select((task, i) => new TaskResult(
                task.Task, 1, 0, (int)sizes[i], (int)sizes[i], 0, [new("acc", "none", values[i], errors[i], true)])),
        ];
        MetricResult pooled = new GroupSummary(new TaskSelection([.. tasks], [group]))
            .Scores(results).Groups[0].Metrics.Single();
        Assert.Equal((double)vector["weighted"]!, pooled.Value, 1e-12);
        Assert.Equal((double)vector["pooled_stderr_used_when_weighted"]!, pooled.StandardError!.Value, 1e-12);
    }

    [Fact]
    public void Filters_OfGsm8k_FindWhatTheHarnessFinds()
    {
        JsonNode vector = _golden["gsm8k_filters"]!;
        TaskDefinition task = TaskLibrary.Select(["gsm8k"]).Tasks.Single();
        Assert.All(vector["cases"]!.AsArray(), one => Assert.All(task.Filters, filter =>
        {
            string answer = filter.Find((string)one!["generation"]!);
            JsonNode expected = one[filter.Name]!;
            Assert.Equal((string)expected["filtered"]!, answer);
            Assert.Equal(
                (double)expected["exact_match"]! > 0, task.ExactMatch.AreEqual(answer, (string)vector["target"]!));
        }));
    }

    [Fact]
    public void RollingWindows_AreThoseOfTheHarness() => Assert.All(_golden["rolling_windows"]!.AsArray(), vector =>
    {
        int[] tokens = [.. Enumerable.Range(0, (int)vector!["tokens"]!)];
        var windows = RollingWindows.Cut(
            tokens, (int)vector["prefix"]!, (int)vector["max_seq_len"]!, (int)vector["context_len"]!);
        Assert.Equal(
            vector["windows"]!.AsArray().Select(window => (Ids(window!["context"]!), Ids(window["scored"]!))),
            windows.Select(window => (string.Join(' ', window.Context), string.Join(' ', window.Scored))));
    });

    private static string Ids(JsonNode ids) => string.Join(' ', ids.AsArray().Select(id => (int)id!));

    private static DocumentScore[] Pairs(JsonNode node) =>
        [.. node.AsArray().Select(pair => new DocumentScore((double)pair![0]!, (double)pair[1]!))];
}
