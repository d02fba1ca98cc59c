using System.Globalization;
using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands;

public sealed class EvaluateTasksTests : IClassFixture<Workspace>
{
    private readonly Workspace _workspace;
    private readonly string _data;

    public EvaluateTasksTests(Workspace workspace)
    {
        _workspace = workspace;
        _data = workspace.Of("data");
        Directory.CreateDirectory(Path.Combine(_data, "sst2"));
        File.WriteAllLines(Path.Combine(_data, "sst2", "validation.jsonl"), Enumerable.Range(0, 12).Select(
            i => string.Create(CultureInfo.InvariantCulture, $$"""{"sentence": "the small dog sang {{i}}", "label": {{i % 2}}}""")));
        Directory.CreateDirectory(Path.Combine(_data, "words"));
        File.WriteAllText(
            Path.Combine(_data, "words", "test.csv"), "q,a\nthe small dog,the\n\"a cat, a river\",cat\n");
    }

    private string Words => _workspace.Write(
        "words.yaml",
        """
        task: words
        output: generate_until
        prompt: "{{q}}"
        target: "{{a}}"
        generation: {until: ["."], max_tokens: 6}
        filters:
          - {name: letters, pattern: "[a-z]+"}
          - {name: last, pattern: "[a-z]+", match: last}
        metrics: [exact_match]
        """);

    [Fact]
    public void Evaluate_OnTasks_GivesScoresWithErrors()
    {
        JsonObject document = Run("--tasks", $"sst2,{Words}", "--limit", "10", "--json").Expect(ExitCode.Done).Json;
        JsonNode sst2 = document["tasks"]!["sst2"]!;
        double accuracy = (double)sst2["acc"]!;
        Assert.Equal(Math.Sqrt(accuracy * (1 - accuracy) / 9), (double)sst2["acc_stderr"]!, 1e-9);
        Assert.Equal((10, 12, 0), ((int)sst2["documents"]!, (int)sst2["documents_in_split"]!, (int)sst2["truncated"]!));
        JsonNode words = document["tasks"]!["words"]!;
        Assert.Equal((double)words["exact_match,letters"]!, (double)words["exact_match"]!);
        Assert.NotNull(words["exact_match_stderr,last"]);
        Assert.Empty(document["perplexity"]!.AsArray());
    }

    [Fact]
    public void Evaluate_OnTasksBesideATeacher_ComparesThem()
    {
        JsonObject document =
            Run("--tasks", "sst2", "--teacher", _workspace.Model, "--text", _workspace.Validation, "--json")
            .Expect(ExitCode.Done).Json;
        Assert.Equal(document["teacher_tasks"]!.ToJsonString(), document["tasks"]!.ToJsonString());
        JsonNode comparison = document["task_comparison"]!["sst2"]!;
        Assert.Equal(
            (0.0, 0.0, 1.0),
            ((double)comparison["acc_difference"]!, (double)comparison["acc_difference_stderr"]!,
            (double)comparison["answer_agreement"]!));
        Assert.Equal(1, (double)comparison["top1_agreement"]!);
        Assert.Single(document["perplexity"]!.AsArray());
    }

    [Fact]
    public void Evaluate_WithOutput_WritesResultsAndSamples()
    {
        string folder = _workspace.Of("scores");
        CliResult run = Run("--tasks", "sst2", "--out", folder, "--log-samples")
            .Expect(ExitCode.Done, "12 of 12 documents");
        Assert.Contains("sst2 (12 documents): acc 0.", run.Output, StringComparison.Ordinal);
        JsonNode results = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "results.json")))!;
        Assert.InRange((double)results["results"]!["sst2"]!["acc,none"]!, 0, 1);
        Assert.Equal(12, File.ReadAllLines(Path.Combine(folder, "samples_sst2.jsonl")).Length);
    }

    [Fact]
    public void Evaluate_WithShots_TakesExamplesFromTheTrainingSplit() =>
        Run("--tasks", "sst2", "--shots", "2").Expect(ExitCode.Input, Path.Combine(_data, "sst2", "train.jsonl"));

    [Fact]
    public void Evaluate_OfDocumentsThatAreMissing_NamesWhereTheyShouldBe() =>
        Run("--tasks", "sst2,piqa").Expect(ExitCode.Input, Path.Combine(_data, "piqa", "validation.jsonl"));

    [Theory]
    [InlineData("--tasks", "sst3", "'sst2'")]
    [InlineData("--limit", "1.5", "--limit")]
    [InlineData("--shots", "101", "--shots")]
    [InlineData("--max-length", "1", "--max-length")]
    public void Evaluate_WithAWrongOption_NamesIt(string option, string value, string expected) =>
        Run([.. option == "--tasks" ? Array.Empty<string>() : ["--tasks", "sst2"], option, value])
            .Expect(ExitCode.Usage, expected);

    [Fact]
    public void Evaluate_WithoutDataFolder_AsksForIt() => Workspace.Run(
        "evaluate", _workspace.Model, "--tasks", "sst2").Expect(ExitCode.Usage, "--data-dir");

    [Fact]
    public void Evaluate_OfSamplesWithoutFolder_AsksForIt() =>
        Run("--tasks", "sst2", "--log-samples").Expect(ExitCode.Usage, "--out");

    [Fact]
    public void Evaluate_WithSamplesInJson_HoldsEveryAnswer()
    {
        JsonObject document = Run("--tasks", $"sst2,{Words}", "--log-samples", "--json").Expect(ExitCode.Done).Json;
        Assert.Equal(12, document["samples"]!["sst2"]!.AsArray().Count);
        Assert.Equal(
            ["letters", "letters", "last", "last"], document["samples"]!["words"]!.AsArray()
            .Select(line => (string?)line!["filter"]));
    }

    [Fact]
    public void Compress_WithTasks_WritesTheirScores()
    {
        string artifact = _workspace.Of("scored");
        _workspace.Compress(
            artifact, "--ratio", "3", "--no-train", "--set", "evaluation.tasks=[sst2]", "--set",
            $"evaluation.data_dir={_data}")
            .Expect(ExitCode.Done);

        JsonNode report =
            JsonNode.Parse(File.ReadAllText(Path.Combine(artifact, "report.json")))!["evaluation"]!["tasks"]!;
        double student = (double)report["student"]!["tasks"]![0]!["metrics"]![0]!["value"]!;
        JsonNode results = JsonNode.Parse(File.ReadAllText(Path.Combine(artifact, "results.json")))!;
        Assert.Equal(student, (double)results["results"]!["sst2"]!["acc,none"]!);
        Assert.True(File.Exists(Path.Combine(artifact, "teacher_results.json")));
        Assert.Contains(
            "| sst2 | 0 | 12 | acc |", File.ReadAllText(Path.Combine(artifact, "README.md")), StringComparison.Ordinal);
        JsonObject again = Workspace.Run(
            "evaluate", artifact, "--tasks", "sst2", "--data-dir", _data, "--threads", "1", "--json")
                .Expect(ExitCode.Done).Json;
        Assert.Equal(student, (double)again["tasks"]!["sst2"]!["acc"]!);
        Workspace.Run("verify", artifact).Expect(ExitCode.Done);
    }

    [Fact]
    public void Compress_WithASwitchButNoDocuments_IsRefusedBeforeItBegins()
    {
        CliResult run = _workspace.Compress(
            _workspace.Of("unscored"), "--ratio", "3", "--set", "evaluation.glue=true", "--set",
            $"evaluation.data_dir={_data}");
        run.Expect(ExitCode.Input, Path.Combine("cola", "validation.jsonl"));
        Assert.DoesNotContain("branches", run.Messages, StringComparison.Ordinal);
    }

    private CliResult Run(params string[] more) =>
        Workspace.Run(["evaluate", _workspace.Model, "--data-dir", _data, "--threads", "1", .. more]);
}
