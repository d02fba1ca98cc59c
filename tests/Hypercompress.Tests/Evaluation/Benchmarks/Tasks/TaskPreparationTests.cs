using Hypercompress.Evaluation.Benchmarks.Tasks;
using Hypercompress.Models.Errors;

namespace Hypercompress.Tests.Evaluation.Benchmarks.Tasks;

public sealed class TaskPreparationTests : IDisposable
{
    private const string Prompt = "\nQuestion: Is this sentence positive or negative?\nAnswer:";
    private readonly TaskFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Prepare_WithDrawnExamples_DrawsOneMoreAndLeavesTheQuestionOut()
    {
        string[] documents = [.. Enumerable.Range(0, 10).Select(Sentence)];
        _folder.With("sst2/validation", documents).With("sst2/train", documents);
        PreparedTask task = _folder.Prepare("sst2", shots: 2);

        // random.Random(1234).sample(range(10), 3) of Python: 7 1 0, 1 0 9, 1 5 3, 0 9 8.
        int[][] expected = [[7, 1], [0, 9], [1, 5], [0, 9]];
        Assert.All(
            expected.Zip(task.Items)
            .Select((pair, question) => (pair.First, pair.Second, question)), one => Assert.Equal(
            string.Concat(one.First.Select(Example)) + $"s{one.question}{Prompt}", one.Second.Requests[0].Context));
        Assert.Equal(2, task.Shots);
    }

    [Fact]
    public void Prepare_WithFirstExamples_KeepsTheirOrder()
    {
        _folder.With("mine/test", Sentence(9)).With("mine/dev", Enumerable.Range(0, 3).Select(Sentence));
        string file = _folder.Write("mine.yaml", """
            task: mine
            prompt: "{{sentence}}:"
            choices: [bad, good]
            target: "{{label}}"
            description: "Judge.\n"
            fewshot: {split: dev, sampler: first_n, shots: 2}
            metrics: [acc, f1]
            """);
        TaskItem item = _folder.Prepare(file).Items.Single();
        Assert.Equal("Judge.\ns0: bad\n\ns1: good\n\ns9:", item.Requests[0].Context);
        Assert.Equal([" bad", " good"], item.Requests.Select(request => request.Continuation));
    }

    [Theory]
    [InlineData(null, 8)]
    [InlineData(3.0, 3)]
    [InlineData(100.0, 8)]
    [InlineData(0.3, 3)]
    public void Prepare_WithALimit_TakesTheFirstDocuments(double? limit, int expected)
    {
        _folder.With("sst2/validation", Enumerable.Range(0, 8).Select(Sentence));
        PreparedTask task = _folder.Prepare("sst2", limit: limit);
        Assert.Equal(Enumerable.Range(0, expected), task.Items.Select(item => item.Index));
        Assert.Equal(8, task.Total);
    }

    [Fact]
    public void Prepare_OfAMissingFile_NamesWhereItWasLookedFor()
    {
        CheckpointException problem = Assert.Throws<CheckpointException>(() => _folder.Prepare("sst2"));
        Assert.Equal(Path.Combine(_folder.Path, "sst2", "validation.jsonl"), problem.File);
        Assert.Contains(".parquet", problem.Message, StringComparison.Ordinal);
        _folder.With("sst2/validation", Sentence(0));
        Assert.Contains(
            Path.Combine("sst2", "train.jsonl"),
            Assert.Throws<CheckpointException>(() => _folder.Prepare("sst2", shots: 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            Path.Combine("mmlu", "anatomy", "test.jsonl"),
            Assert.Throws<CheckpointException>(() => _folder.Prepare("mmlu_anatomy", shots: 0)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_OfAnEmptyFile_IsRefused()
    {
        _folder.With("sst2/validation");
        Assert.Contains(
            "no documents", Assert.Throws<CheckpointException>(() => _folder.Prepare("sst2")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"sentence": "s"}""", "'label'")]
    [InlineData("""{"sentence": "s", "label": null}""", "null")]
    [InlineData("""{"sentence": "s", "label": -1}""", "'-1'")]
    [InlineData("""{"sentence": "s", "label": 2}""", "2 options")]
    [InlineData("""{"label": 1}""", "'sentence'")]
    public void Prepare_OfADocumentWithoutAnswer_NamesItsLine(string document, string expected)
    {
        _folder.With("sst2/validation", Sentence(0), document);
        CheckpointException problem = Assert.Throws<CheckpointException>(() => _folder.Prepare("sst2"));
        Assert.Contains("validation.jsonl: line 2", problem.Message, StringComparison.Ordinal);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prepare_WithTooFewExamples_IsRefused()
    {
        _folder.With("sst2/validation", Sentence(0)).With("sst2/train", Sentence(1), Sentence(2));
        Assert.Contains(
            "2 examples", Assert.Throws<ConfigurationException>(() => _folder.Prepare("sst2", shots: 2)).Message,
            StringComparison.Ordinal);
        Assert.Equal(
            $"s2{Prompt}",
            _folder.Prepare("sst2", shots: 1).Items[0].Requests[0].Context[..^$" positive\n\ns0{Prompt}".Length]
            .Replace("s1", "s2", StringComparison.Ordinal));
    }

    [Fact]
    public void Prepare_OfATsv_ReadsWhatJsonLinesWouldSay()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "sst2"));
        _folder.Write("sst2/validation.tsv", "sentence\tlabel\na \"lone quote \t1\n");
        TaskItem item = _folder.Prepare("sst2").Items.Single();
        Assert.Equal($"a \"lone quote {Prompt}", item.Requests[0].Context);
        Assert.Equal(1, item.Gold);
    }

    private static string Sentence(int number) => TaskFolder.Json(new { sentence = $"s{number}", label = number % 2 });

    private static string Example(int number) => $"s{number}{Prompt} {(number % 2 == 0 ? "negative" : "positive")}\n\n";
}
