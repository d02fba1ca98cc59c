using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Cli.Output;
using Hypercompress.Models.Checkpoints.Safetensors;
using static TorchSharp.torch;

namespace Hypercompress.Cli.Tests.Commands;

/// <summary>The verbs that run a model or look at one.</summary>
public sealed class ModelCommandsTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void Tokenize_GivesIdsThatDecodeToTheText()
    {
        string[] texts = ["the dog", "", "Grüße, 你好 🙂\n", "  two  spaces"];
        string input =
            workspace.Write("texts.jsonl", string.Join('\n', texts.Select(text => JsonSerializer.Serialize(text))));

        JsonObject document = Workspace.Run("tokenize", workspace.Model, "--input", input, "--json")
            .Expect(ExitCode.Done).Json;

        Assert.Equal(texts, document["decoded"]!.AsArray().Select(text => (string)text!));
        Assert.Equal(texts.Length, document["ids"]!.AsArray().Count);
        Assert.Empty(document["ids"]![1]!.AsArray());
        Assert.All(
            document["ids"]!.AsArray().SelectMany(ids => ids!.AsArray()), id => Assert.InRange((int)id!, 0, 299));
    }

    [Fact]
    public void Tokenize_OfAnArtifact_IsTheTeachers()
    {
        string input = workspace.Write("one.jsonl", "\"under the old window\"\n");

        Assert.Equal(
            Workspace.Run("tokenize", workspace.Model, "--input", input, "--json").Output,
            Workspace.Run("tokenize", workspace.Artifact, "--input", input, "--json").Output);
    }

    [Theory]
    [InlineData("not json", "line 1")]
    [InlineData("\"fine\"\n[1]", "line 2")]
    [InlineData("\"fine\"\n\"ok\"\nnull", "line 3")]
    public void Tokenize_OfAMalformedLine_NamesIt(string content, string line)
    {
        string input = workspace.Write("malformed.jsonl", content);

        Workspace.Run("tokenize", workspace.Model, "--input", input).Expect(ExitCode.Input, input, line);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Logits_AreTheModelsForward(bool compressed)
    {
        string model = compressed ? workspace.Artifact : workspace.Model;
        int[][] sequences = [[1, 20, 30, 299], [5], [.. Enumerable.Range(0, 100)]];
        string ids = workspace.Write("ids.json", JsonSerializer.Serialize(sequences));
        string output = workspace.Of($"logits-{compressed}.safetensors");

        JsonObject document = Workspace.Run(
            "logits", model, "--ids", ids, "--out", output, "--threads", "1", "--json").Expect(ExitCode.Done).Json;

        Assert.Equal("[[4,300],[1,300],[100,300]]", document["shapes"]!.ToJsonString());
        using OpenModel opened = OpenModel.Open(model, new BranchRegistry().CreateCatalog());
        using SafetensorsFile written = SafetensorsFile.Open(output);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        for (int i = 0; i < sequences.Length; i++)
        {
            Tensor input = tensor(Array.ConvertAll(sequences[i], id => (long)id)).unsqueeze(0);
            Tensor expected = opened.Model.Decoder.Forward(input).squeeze(0);
            Assert.Equal(0, (expected - written.Read($"logits.{i}")).abs().max().item<float>());
        }
    }

    [Theory]
    [InlineData("[[1, 300]]", "sequence 0", "300")]
    [InlineData("[[1], [-1]]", "sequence 1", "-1")]
    [InlineData("[[1], []]", "sequence 1", "empty")]
    [InlineData("""["one"]""", "sequence 0", "ids")]
    [InlineData("{", "list of token ids")]
    public void Logits_OfBadIds_NamesThem(string content, params string[] parts)
    {
        string ids = workspace.Write("bad-ids.json", content);

        Workspace.Run("logits", workspace.Model, "--ids", ids, "--out", workspace.Of("never.safetensors"))
            .Expect(ExitCode.Input, [ids, .. parts]);

        Assert.False(File.Exists(workspace.Of("never.safetensors")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Generate_Greedily_IsDeterministic(bool compressed)
    {
        string model = compressed ? workspace.Artifact : workspace.Model;
        string[] args =
            ["generate", model, "--prompt", "the old dog", "--max-tokens", "12", "--ignore-end", "--threads", "1",
            "--engine", "float", "--json"];

        JsonObject first = Workspace.Run(args).Expect(ExitCode.Done).Json;
        JsonObject second = Workspace.Run([.. args, "--seed", "7"]).Expect(ExitCode.Done).Json;

        Assert.Equal(12, first["token_ids"]!.AsArray().Count);
        Assert.Equal(first["token_ids"]!.ToJsonString(), second["token_ids"]!.ToJsonString());
        Assert.Equal((string?)first["text"], (string?)second["text"]);
        Assert.True((double)first["tokens_per_second"]!["prefill"]! > 0);
        Assert.True((double)first["tokens_per_second"]!["decode"]! > 0);
        Assert.True((double)first["kv_bytes_per_token"]! > 0);
        Assert.Equal(
            PrintableText.Of((string)first["text"]!) + Environment.NewLine,
            Workspace.Run(args[..^1]).Expect(ExitCode.Done).Output);
    }

    [Fact]
    public void Generate_Sampling_FollowsItsSeed()
    {
        string Sample(string seed) => Workspace.Run(
            "generate", workspace.Model, "--prompt", "the", "--max-tokens", "16", "--ignore-end", "--temperature",
            "1.5",
            "--top-k", "50", "--top-p", "0.99", "--seed", seed, "--threads", "1",
            "--json").Json["token_ids"]!.ToJsonString();

        Assert.Equal(Sample("1"), Sample("1"));
        Assert.NotEqual(Sample("1"), Sample("2"));
    }

    [Fact]
    public void Generate_AsChatWithoutATemplate_SaysSo() => Workspace.Run(
        "generate", workspace.Model, "--prompt", "hello", "--chat")
            .Expect(ExitCode.Usage, "chat template", workspace.Model);

    [Fact]
    public void Inspect_OfAFolder_CountsItsTensors()
    {
        JsonObject document = Workspace.Run("inspect", workspace.Model, "--json").Expect(ExitCode.Done).Json;

        Assert.Equal("safetensors", (string?)document["format"]);
        Assert.Equal("llama", (string?)document["architecture"]);
        Assert.Equal(StoredWeights.Bytes(workspace.Model), (long)document["weight_bytes"]!);
        Assert.Equal(StoredWeights.Bytes(workspace.Model), (long)document["baseline_bytes"]!);
        Assert.Equal(StoredWeights.Bytes(workspace.Model) / 2, (long)document["parameters"]!);
        JsonNode embedding = document["tensors"]!.AsArray()
            .Single(tensor => (string)tensor!["name"]! == "model.embed_tokens.weight")!;
        Assert.Equal("F16", (string?)embedding["dtype"]);
        Assert.Equal("[300,32]", embedding["shape"]!.ToJsonString());
        Assert.Equal(19_200, (long)embedding["bytes"]!);
    }

    [Fact]
    public void Inspect_OfAnArtifact_SaysHowEverySiteIsStored()
    {
        JsonObject document = Workspace.Run("inspect", workspace.Artifact, "--json").Expect(ExitCode.Done).Json;

        Assert.Equal("hypercompress", (string?)document["format"]);
        Assert.Equal("llama", (string?)document["architecture"]);
        Assert.Equal(StoredWeights.Bytes(workspace.Artifact), (long)document["weight_bytes"]!);
        Assert.Equal(StoredWeights.Bytes(workspace.Model) / 2, (long)document["parameters"]!);
        Assert.Equal(13, document["sites"]!.AsObject().Count);
        Assert.NotEmpty(document["tensors"]!.AsArray());
    }

    [Fact]
    public void Inspect_OfATensorFile_ListsItsHeader()
    {
        string file = Path.Combine(workspace.Artifact, "model.safetensors");

        JsonObject document = Workspace.Run("inspect", file, "--json").Expect(ExitCode.Done).Json;

        Assert.Equal("safetensors", (string?)document["format"]);
        Assert.Null(document["architecture"]);
        Assert.Equal(
            StoredWeights.Tensors(file).Select(tensor => tensor.Key).Order(StringComparer.Ordinal),
            document["tensors"]!.AsArray().Select(tensor => (string)tensor!["name"]!));
        Assert.Contains(
            "model.norm.weight", Workspace.Run("inspect", file).Expect(ExitCode.Done).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Inspect_OfAGgufFile_CountsSixteenBitBytesAsBaseline()
    {
        string file = SharedFiles.Require("golden/arch/llama-tied/model-f32.gguf");

        JsonObject document = Workspace.Run("inspect", file, "--json").Expect(ExitCode.Done).Json;

        Assert.Equal("gguf", (string?)document["format"]);
        Assert.Equal(2 * (long)document["parameters"]!, (long)document["baseline_bytes"]!);
        Assert.True((long)document["weight_bytes"]! > (long)document["baseline_bytes"]!);
    }

    [Fact]
    public void Evaluate_OfAModel_ReportsEveryText()
    {
        JsonObject document = Workspace.Run(
            "evaluate", workspace.Model, "--text", workspace.Validation, workspace.Calibration, "--window", "64",
            "--max-tokens", "200", "--threads", "1", "--json").Expect(ExitCode.Done).Json;

        Assert.Equal(
            [workspace.Validation, workspace.Calibration],
            document["perplexity"]!.AsArray().Select(row => (string)row!["file"]!));
        foreach (JsonNode? row in document["perplexity"]!.AsArray())
        {
            Assert.Equal("paper", (string?)row!["convention"]);
            Assert.Equal(Math.Exp((double)row["nll"]!), (double)row["ppl"]!, 1e-6 * (double)row["ppl"]!);
            Assert.True((double)row["stderr"]! > 0);
            Assert.InRange((int)row["tokens"]!, 150, 200);
        }
    }

    // As many tokens, and two of them change places.
    [Theory]
    [InlineData("evaluate", true, ExitCode.Usage)]
    [InlineData("compare", true, ExitCode.Usage)]
    [InlineData("compare", false, ExitCode.Done)]
    public void Models_WithOtherTokens_AreNotComparedTokenByToken(string verb, bool hasTeacher, ExitCode code)
    {
        string other = workspace.Copy(workspace.Model, $"other-tokens-{verb}-{hasTeacher}");
        string file = Path.Combine(other, "tokenizer.json");
        string json = File.ReadAllText(file);
        File.WriteAllText(
            file, json.Replace("\"th\"", "\"?\"").Replace("\"er\"", "\"th\"").Replace("\"?\"", "\"er\""));
        string[] models = verb == "compare" ? [workspace.Model, other] : [other];

        Workspace.Run(
            [
                verb, .. models, .. hasTeacher ? ["--teacher", workspace.Model] : Array.Empty<string>(), "--text",
                workspace.Validation, "--window", "64", "--max-tokens", "100", "--threads", "1",
            ]).Expect(code, "different tokenizers", "token ");
    }

    [Fact]
    public void Evaluate_BesideATeacher_ComparesThem()
    {
        string[] text =
            ["--text", workspace.Validation, "--window", "64", "--max-tokens", "200", "--threads", "1", "--json"];
        JsonObject itself = Workspace.Run(["evaluate", workspace.Model, "--teacher", workspace.Model, .. text])
            .Expect(ExitCode.Done).Json;
        JsonObject student = Workspace.Run(["evaluate", workspace.Artifact, "--teacher", workspace.Model, .. text])
            .Expect(ExitCode.Done).Json;

        Assert.Equal(0, (double)itself["comparison"]![0]!["kl"]!, 1e-6);
        Assert.Equal(1, (double)itself["comparison"]![0]!["agreement"]!);
        Assert.Equal(
            (double)itself["perplexity"]![0]!["nll"]!, (double)student["teacher_perplexity"]![0]!["nll"]!, 1e-9);
        Assert.True((double)student["comparison"]![0]!["kl"]! > 0);
        Assert.Equal(
            (double)student["perplexity"]![0]!["nll"]! - (double)student["teacher_perplexity"]![0]!["nll"]!,
            (double)student["comparison"]![0]!["nll_difference"]!,
            1e-6);
    }

    [Fact]
    public void Evaluate_AgreesWithTheReportOfTheRun()
    {
        JsonNode report = JsonNode.Parse(File.ReadAllText(Path.Combine(workspace.Artifact, "report.json")))!;

        JsonObject document = Workspace.Run(
            "evaluate", workspace.Artifact, "--text", workspace.Validation, "--window", "64", "--max-tokens", "256",
            "--threads", "1", "--json").Expect(ExitCode.Done).Json;

        double measured = (double)document["perplexity"]![0]!["ppl"]!;
        Assert.Equal((double)report["perplexity"]!["student"]!, measured, 1e-4 * measured);
    }

    [Fact]
    public void Evaluate_WithoutText_AsksForIt() =>
        Workspace.Run("evaluate", workspace.Model).Expect(ExitCode.Usage, "--text");

    [Theory]
    [InlineData("--window", "1")]
    [InlineData("--max-tokens", "0")]
    [InlineData("--threads", "0")]
    public void Evaluate_WithANumberOutOfRange_NamesIt(string option, string value) => Workspace.Run(
        "evaluate", workspace.Model, "--text", workspace.Validation, option, value).Expect(ExitCode.Usage, option);

    [Fact]
    public void Init_WritesEveryKeyAtItsDefaultWithAComment()
    {
        string file = workspace.Of("hypercompress.yaml");

        Workspace.Run("init", "--defaults", "--out", file).Expect(ExitCode.Done, file);
        Workspace.Run("init", "--defaults", "--out", file).Expect(ExitCode.Usage, file);

        Assert.Contains("compression_ratio: 4            # bytes of the teacher's", File.ReadAllText(file));
        CliResult plan = Workspace.Run([.. workspace.Arguments("plan", workspace.Model), "--config", file, "--json"]);
        Assert.Equal(4, (double)plan.Expect(ExitCode.Done).Json["asked_ratio"]!);
    }

    [Fact]
    public void Plan_Explained_NamesWhereTheBytesAre()
    {
        CliResult plan = Workspace.Run([.. workspace.Arguments("plan", workspace.Model), "--ratio", "6", "--explain"])
            .Expect(ExitCode.Done);

        Assert.Contains(
            string.Create(CultureInfo.InvariantCulture, $"asked {6.0:F3}"), plan.Output, StringComparison.Ordinal);
        Assert.Contains("largest predicted loss", plan.Output, StringComparison.Ordinal);
        Assert.Contains("model.embed_tokens", plan.Output, StringComparison.Ordinal);
    }
}
