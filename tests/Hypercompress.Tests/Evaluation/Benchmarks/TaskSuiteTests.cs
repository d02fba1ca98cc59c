using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Evaluation;
using Hypercompress.Evaluation.Benchmarks;
using Hypercompress.Evaluation.Benchmarks.Metrics;
using Hypercompress.Evaluation.Benchmarks.Results;
using Hypercompress.Evaluation.Benchmarks.Scoring;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Reporting;
using Hypercompress.Tests.Evaluation.Benchmarks.Tasks;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Evaluation.Benchmarks;

[NoTensorLeaks]
public sealed class TaskSuiteTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly TaskFolder _folder = new();

    public void Dispose()
    {
        _scratch.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Run_BesideItself_FindsNoDifference()
    {
        using LanguageModel model = Model(11);
        TaskReport report = new TaskSuite(WithSentences(12, "sst2", "cola")).Run(model, model);
        Assert.Equal(
            report.Student.Tasks.SelectMany(task => task.Metrics),
            report.Teacher!.Tasks.SelectMany(task => task.Metrics));
        Assert.All(report.Comparisons, task =>
        {
            Assert.All(task.Differences, metric => Assert.Equal((0, 0), (metric.Difference, metric.StandardError)));
            Assert.Equal(1, task.Agreement!.Mean);
            Assert.Equal(0, task.Divergence!.Mean, 1e-9);
            Assert.Equal(1, task.TopAgreement!.Mean);
        });
    }

    [Fact]
    public void Run_BesideAnother_ComparesDocumentByDocument()
    {
        using LanguageModel teacher = Model(11);
        using LanguageModel student = Model(12);
        var answers = new List<TaskSamples>();
        EvaluationOptions options = WithSentences(30, "sst2");
        TaskReport report = new TaskSuite(options).Run(student, teacher, onSamples: answers.Add);
        TaskReport alone = new TaskSuite(options).Run(teacher, null);

        Assert.Equal(alone.Student.Tasks[0].Metrics[0].Value, report.Teacher!.Tasks[0].Metrics[0].Value);
        Assert.Equal([true, false], answers.Select(samples => samples.IsTeacher));
        double[] its = [.. answers[0].Outcomes.Select(Right)];
        double[] mine = [.. answers[1].Outcomes.Select(Right)];
        double[] less = [.. mine.Zip(its, (a, b) => a - b)];
        MetricDifference difference = report.Comparisons[0].Differences.Single();
        Assert.Equal(less.Average(), difference.Difference, 1e-12);
        Assert.Equal(
            Math.Sqrt(less.Sum(value => Math.Pow(value - less.Average(), 2)) / 29 / 30),
            difference.StandardError!.Value, 1e-12);
        Assert.Equal(less.Count(value => value == 0) / 30.0, report.Comparisons[0].Agreement!.Mean, 1e-12);
        Assert.True(report.Comparisons[0].Divergence!.Mean > 1e-4);
        Assert.Empty(alone.Comparisons);
    }

    [Fact]
    public void Run_OfALongPrompt_CutsItAtTheLeftAndCountsIt()
    {
        using LanguageModel model = Model(11);
        string end = TinyCheckpoint.Text(200, seed: 4);
        _folder.With("sst2/validation", Sentence("short", 1), Sentence("x " + end, 0), Sentence("y " + end, 0));
        var answers = new List<TaskSamples>();
        TaskReport report = new TaskSuite(_folder.Options("sst2")).Run(model, null, onSamples: answers.Add);
        Assert.Equal(2, report.Student.Tasks[0].Truncated);
        Assert.Equal(answers[0].Outcomes[1].Likelihoods, answers[0].Outcomes[2].Likelihoods);
    }

    [Fact]
    public void Run_OfEveryKindOfTask_GivesItsMetrics()
    {
        using LanguageModel model = Model(11);
        _folder.With("wikitext/test", Page(1), Page(2))
            .With("lambada_openai/test", Text("the dog went into the garden"), Text("a cat sang"))
            .With("words/test", """{"q": "the dog", "a": "the"}""", """{"q": "a cat", "a": "cat"}""");
        string words = _folder.Write(
            "words.yaml",
            "task: words\noutput: generate_until\nprompt: \"{{q}}\"\ntarget: \"{{a}}\"\ngeneration: {until: [\".\"], "
                + "max_tokens: 8}\nmetrics: [exact_match]\n");
        int done = 0;
        var progress = new Progress(value => done += value.Unit == "documents" ? 1 : 0);
        TaskReport report =
            new TaskSuite(_folder.Options("wikitext", "lambada_openai", words) with { BootstrapIterations = 2000 })
            .Run(model, model, progress);

        TaskResult[] tasks = [.. report.Student.Tasks];
        Assert.Equal(
            ["word_perplexity", "byte_perplexity", "bits_per_byte", "perplexity", "acc", "exact_match"],
            tasks.SelectMany(task => task.Metrics).Select(metric => metric.Name));
        Assert.Equal(
            [true, true, true, false, false, false], tasks.SelectMany(task => task.Metrics)
            .Select(metric => metric.StandardError is null));
        double perByte = tasks[0].Metrics[2].Value;
        Assert.Equal(Math.Log2(tasks[0].Metrics[1].Value), perByte, 1e-9);
        Assert.InRange(perByte, 0.5, 12);
        Assert.Null(report.Comparisons[0].Agreement);
        Assert.Equal(1, report.Comparisons[2].Agreement!.Mean);
        Assert.Null(report.Comparisons[2].Divergence);
        Assert.True(done >= 3);
    }

    [Fact]
    public void Run_GivesTheSameTwice()
    {
        using LanguageModel model = Model(11);
        EvaluationOptions options = WithSentences(20, "cola") with { BootstrapIterations = 3000 };
        string first = TaskJson.Scores(new TaskSuite(options).Run(model, null).Student).ToJsonString();
        Assert.Equal(first, TaskJson.Scores(new TaskSuite(options).Run(model, null).Student).ToJsonString());
    }

    [Fact]
    public void Run_WithBrokenWeights_NamesTheDocument()
    {
        using LanguageModel model = Model(11, broken: true);
        string message =
            Assert.Throws<NumericalException>(() => new TaskSuite(WithSentences(2, "sst2")).Run(model, null)).Message;
        Assert.Contains("validation.jsonl, line 1", message, StringComparison.Ordinal);
        Assert.Contains("not finite", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithBrokenWeights_GeneratesNothing()
    {
        using LanguageModel model = Model(11, broken: true);
        _folder.With("words/test", """{"q": "the dog", "a": "the"}""");
        string words = _folder.Write(
            "words.yaml",
            "task: words\noutput: generate_until\nprompt: \"{{q}}\"\ntarget: \"{{a}}\"\ngeneration: {max_tokens: "
                + "8}\nmetrics: [exact_match]\n");
        Assert.Contains(
            "not finite",
            Assert.Throws<NumericalException>(() => new TaskSuite(_folder.Options(words)).Run(model, null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Run_WithoutTokenizer_AsksForIt()
    {
        string folder = TinyCheckpoint.Write(_scratch.Of("bare"));
        File.Delete(Path.Combine(folder, "tokenizer.json"));
        using ModelPackage package = ModelPackage.Open(folder);
        using LanguageModel model = LanguageModel.Load(package);
        Assert.Contains(
            "tokenizer",
            Assert.Throws<ConfigurationException>(
                () => new TaskSuite(WithSentences(2, "sst2")).Run(model, null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Run_OfAnswersLongerThanTheModelReads_IsRefused()
    {
        using LanguageModel model = Model(11);
        _folder.With("gsm8k/test", """{"question": "q", "answer": "#### 1"}""");
        Assert.Contains(
            "256 tokens",
            Assert.Throws<ConfigurationException>(
                () => new TaskSuite(_folder.Options("gsm8k") with { Shots = 0 }).Run(model, null)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void HarnessFiles_HoldWhatItsReadersLookFor()
    {
        using LanguageModel model = Model(11);
        EvaluationOptions options = WithSentences(3);
        options =
            options with
            {
                Tasks =
            [_folder.Write("three.yaml", "group: three\ntasks: [sst2, cola]\nmetrics: [acc]\n")]
            };
        var suite = new TaskSuite(options);
        using var lines = new StringWriter();
        TaskReport report = suite.Run(model, null, onSamples: samples => HarnessSamples.Write(lines, samples));
        JsonObject results = HarnessResults.Write(
            report.Student, suite.Selection, options,
            new ScoredModel("m/x", 128, "cpu", DateTimeOffset.UnixEpoch, 1.5));

        Assert.Equal(report.Student.Tasks[0].Metrics[0].Value, (double)results["results"]!["sst2"]!["acc,none"]!);
        Assert.Equal(
            report.Student.Groups[0].Metrics[0].StandardError,
            (double?)results["groups"]!["three"]!["acc_stderr,none"]);
        Assert.Equal(["sst2", "cola"], results["group_subtasks"]!["three"]!.AsArray().Select(task => (string?)task));
        Assert.Equal(3, (int)results["n-samples"]!["cola"]!["effective"]!);
        Assert.Equal("multiple_choice", (string?)results["configs"]!["sst2"]!["output_type"]);
        Assert.Equal("m__x", (string?)results["model_name_sanitized"]);
        JsonNode line = JsonNode.Parse(lines.ToString().Split('\n')[0])!;
        Assert.Equal("0", (string?)line["target"]);
        Assert.Equal(" negative", (string?)line["arguments"]!["gen_args_0"]!["arg_1"]);
        Assert.Equal(2, line["filtered_resps"]!.AsArray().Count);
        Assert.Equal(6, lines.ToString().Count(letter => letter == '\n'));
    }

    private static double Right(ItemOutcome outcome) =>
        Answers.Choice(outcome) == outcome.Item.Gold ? 1 : 0;

    private static string Sentence(string text, int label) => TaskFolder.Json(new { sentence = text, label });

    private static string Text(string text) => TaskFolder.Json(new { text });

    private static string Page(int seed) => TaskFolder.Json(new { page = TinyCheckpoint.Text(150, seed) });

    private EvaluationOptions WithSentences(int count, params string[] tasks)
    {
        foreach (string task in new[] { "sst2", "cola" })
        {
            _folder.With($"{task}/validation", Enumerable.Range(0, count).Select(
                i => Sentence(
                    string.Create(CultureInfo.InvariantCulture, $"{TinyCheckpoint.Text(4, i).Trim()} {i}"), i % 2)));
        }

        return _folder.Options(tasks) with { BootstrapIterations = 1000 };
    }

    private LanguageModel Model(ulong seed, bool broken = false)
    {
        string folder = TinyCheckpoint.Write(
            _scratch.Of($"model-{seed}-{broken}"),
            seed: seed,
            change: (name, value) =>
                broken && name.Contains("norm", StringComparison.Ordinal) ? value.mul(double.NaN) : value);
        using ModelPackage package = ModelPackage.Open(folder);
        return LanguageModel.Load(package);
    }

    private sealed class Progress(Action<EvaluationProgress> onReport) : IProgress<EvaluationProgress>
    {
        public void Report(EvaluationProgress value) => onReport(value);
    }
}
