using System.Text.Json;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Torch;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Cli.Tests.Commands;

public sealed class ExportCommandTests(Workspace workspace) : IClassFixture<Workspace>
{
    private static readonly string[] Entries =
    [
        "compression_summary", "config", "distillation_history", "finetune_history", "metrics", "student_state_dict",
    ];

    [Theory]
    [InlineData("f32", 1e-4, "F32")]
    [InlineData("f16", 0.05, "F16")]
    [InlineData("bf16", 0.25, "BF16")]
    public void HfDense_ReadsBackAsTheSameModel(string type, double tolerance, string stored)
    {
        string output = workspace.Of($"dense-{type}");

        JsonObject document = Workspace.Run(
            "export", workspace.Artifact, "--format", "hf-dense", "--dtype", type, "--out", output, "--json")
                .Expect(ExitCode.Done).Json;

        Assert.Equal(output, (string?)document["path"]);
        Assert.Equal(StoredWeights.Bytes(output), (long)document["bytes"]!);
        Assert.InRange((double)document["max_logit_error"]!, 0, tolerance);
        Assert.Equal([stored], StoredWeights.Types(output));
        using OpenModel artifact = OpenModel.Open(workspace.Artifact, new BranchRegistry().CreateCatalog());
        using ModelPackage package = ModelPackage.Open(output);
        using LanguageModel dense = LanguageModel.Load(package);
        Assert.False(package.Config.ContainsKey("hypercompress"));
        Assert.InRange(Distance(artifact.Model.Decoder, dense.Decoder), 0, tolerance);
        Assert.NotNull(dense.Tokenizer);
    }

    [Fact]
    public void HfDense_HasThePerplexityOfTheArtifact()
    {
        string output = workspace.Of("dense-scored");
        Workspace.Run("export", workspace.Artifact, "--format", "hf-dense", "--out", output)
            .Expect(ExitCode.Done, "read back");

        double artifact = Perplexity(workspace.Artifact);

        Assert.Equal(artifact, Perplexity(output), 1e-3 * artifact);
    }

    [Fact]
    public void HfDense_OfAnUntiedModel_KeepsItsHead()
    {
        string model = TinyCheckpoint.Write(workspace.Of("untied"), ScalarType.Float32, tied: false);
        string artifact = workspace.Of("untied-artifact");
        Workspace.Run([.. workspace.Arguments("compress", model), "--ratio", "4", "--no-train", "--out", artifact])
            .Expect(ExitCode.Done);

        string output = workspace.Of("untied-dense");
        Workspace.Run("export", artifact, "--format", "hf-dense", "--dtype", "f32", "--out", output)
            .Expect(ExitCode.Done);

        Assert.Equal(
            StoredWeights.Tensors(Path.Combine(model, "model.safetensors")).Select(tensor => tensor.Key)
                .Order(StringComparer.Ordinal),
            StoredWeights.Tensors(Path.Combine(output, "model.safetensors")).Select(tensor => tensor.Key)
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void HfDense_IntoAFullFolder_IsRefused()
    {
        string output = Directory.CreateDirectory(workspace.Of("occupied")).FullName;
        File.WriteAllText(Path.Combine(output, "mine.txt"), "keep");

        Workspace.Run("export", workspace.Artifact, "--format", "hf-dense", "--out", output)
            .Expect(ExitCode.Usage, output);

        Assert.Equal(["mine.txt"], Directory.GetFiles(output).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void TorchCheckpoint_HoldsTheSixEntries()
    {
        string output = workspace.Of("student.pt");

        JsonObject document = Workspace.Run(
            "export", workspace.Artifact, "--format", "pt", "--quant", "keep", "--out", output, "--json")
            .Expect(ExitCode.Done).Json;

        Assert.Equal(0, (double)document["max_logit_error"]!);
        using TorchCheckpoint checkpoint = TorchCheckpointReader.Read(output);
        var entries = (IReadOnlyDictionary<string, object?>)checkpoint.Root!;
        Assert.Equal(Entries, entries.Keys.Order(StringComparer.Ordinal));
        var state = (IReadOnlyDictionary<string, object?>)entries["student_state_dict"]!;
        Assert.Equal(
            StoredWeights.Tensors(Path.Combine(workspace.Artifact, "model.safetensors")).Select(tensor => tensor.Key)
                .Order(StringComparer.Ordinal),
            state.Keys.Order(StringComparer.Ordinal));
        using ITensorSource stored = CheckpointFolder.Open(workspace.Artifact);
        foreach ((string name, object? value) in state)
        {
            using Tensor expected = stored.Read(name);
            var found = Assert.IsType<Tensor>(value, exactMatch: false);
            Assert.True(expected.dtype == found.dtype && expected.equal(found).all().item<bool>(), name);
        }

        Assert.Equal("llama", ((IReadOnlyDictionary<string, object?>)entries["config"]!)["model_type"]);
        var summary = (IReadOnlyDictionary<string, object?>)entries["compression_summary"]!;
        Assert.Equal(4L, summary["asked_ratio"]);
        double ratio = summary["compression_ratio"] is Tensor fraction
            ? fraction.item<double>()
            : Convert.ToDouble(summary["compression_ratio"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(ratio, 4, 4.1);
    }

    [Fact]
    public void TorchCheckpoint_OntoAFile_IsRefused()
    {
        string output = workspace.Write("taken.pt", "mine");

        Workspace.Run("export", workspace.Artifact, "--format", "pt", "--out", output).Expect(ExitCode.Usage, output);

        Assert.Equal("mine", File.ReadAllText(output));
    }

    [Fact]
    public void Export_OfAChangedArtifact_IsAnInputError()
    {
        string folder = workspace.Copy(workspace.Artifact, "cut");
        string file = Path.Combine(folder, "model.safetensors");
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^10]);

        Workspace.Run("export", folder, "--format", "hf-dense", "--out", workspace.Of("never"))
            .Expect(ExitCode.Input, file);

        Assert.False(Path.Exists(workspace.Of("never")));
    }

    [Theory]
    [InlineData("\"version\": 1", "\"version\": \"one\"")]
    [InlineData("\"version\": 1", "\"version\": 99")]
    [InlineData("\"vectors\": \"f16\"", "\"vectors\": 16")]
    [InlineData("\"vectors\": \"f16\"", "\"vectors\": \"f12\"")]
    [InlineData("\"sites\": {", "\"other\": {")]
    [InlineData("\"rows\": 300", "\"rows\": 299")]
    [InlineData("\"rows\": 300", "\"rows\": \"many\"")]
    [InlineData("\"model.layers.0.mlp.up_proj\"", "\"model.layers.0.mlp.sideways_proj\"")]
    public void Export_OfAnArtifactWithAnEditedDescription_IsAnInputError(string found, string replacement)
    {
        string folder = workspace.Copy(workspace.Artifact, $"edited-{Guid.NewGuid():N}");
        string file = Path.Combine(folder, "config.json");
        string content = File.ReadAllText(file);
        Assert.Contains(found, content, StringComparison.Ordinal);
        File.WriteAllText(file, content.Replace(found, replacement, StringComparison.Ordinal));

        Workspace.Run("generate", folder, "--prompt", "x").Expect(ExitCode.Input, folder);
    }

    [Fact]
    public void Import_OfAGgufFile_GivesAFolderWithItsLogits()
    {
        string gguf = SharedFiles.Require("golden/arch/llama-tied/model-f32.gguf");
        string output = workspace.Of("imported");

        CliResult run = Workspace.Run("import", gguf, "--out", output).Expect(ExitCode.Done);

        Assert.Equal(output, run.Output.Trim());
        JsonNode golden =
            JsonNode.Parse(File.ReadAllText(SharedFiles.Require("golden/arch/llama-tied/model-f32.golden.json")))!;
        using ModelPackage package = ModelPackage.Open(output);
        using LanguageModel imported = LanguageModel.Load(package);
        Assert.NotNull(imported.Tokenizer);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        long[] prompt = golden["prompts"]![1].Deserialize<long[]>()!;
        Tensor expected = tensor(Floats((string)golden["logits"]![1]!["logits_f32_b64"]!)).reshape(prompt.Length, -1);
        Tensor found = imported.Decoder.Forward(tensor(prompt).unsqueeze(0)).squeeze(0);

        // The folder holds 16-bit weights.
        Assert.InRange((expected - found).abs().max().item<float>(), 0, 0.05);
    }

    [Fact]
    public void Import_OfWhatIsNoGgufFile_IsRefusedWithTheCommandThatSuits()
    {
        foreach (string model in new[] { workspace.Artifact, workspace.Model })
        {
            Workspace.Run("import", model, "--out", workspace.Of("not-imported"))
                .Expect(ExitCode.Usage, $"{model} is not a .gguf file", $"'export {model} --format hf-dense --out DIR'");
        }

        Workspace.Run("import", workspace.Of("missing.gguf"), "--out", workspace.Of("not-imported"))
            .Expect(ExitCode.Input, "does not exist");
        Assert.False(Path.Exists(workspace.Of("not-imported")));
    }

    [Theory]
    [InlineData("hf", null, "f16", "matrices of fewer bits are decoded to f16")]
    [InlineData("hf", null, "bf16", "matrices of fewer bits are decoded to bf16")]
    [InlineData("hf-quant", "int8", "f32", "are stored as f32")]
    public void Notes_AreMarkedAsSuch_AndNameTypesAsTheyAreTyped(
        string format, string? quant, string type, string note)
    {
        string[] quantized = quant is null ? [] : ["--quant", quant];
        string output = workspace.Of($"noted-{format}-{type}");

        CliResult run = Workspace.Run(
            ["export", workspace.Artifact, "--format", format, "--dtype", type, "--out", output, .. quantized])
            .Expect(ExitCode.Done);

        string[] lines = run.Messages.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains(lines, line => line.StartsWith("note: ", StringComparison.Ordinal)
            && line.Contains(note, StringComparison.Ordinal));
        Assert.All(lines[..^1], line => Assert.StartsWith("note: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("Float", run.Messages, StringComparison.Ordinal);
    }

    private static float[] Floats(string base64)
    {
        byte[] bytes = Convert.FromBase64String(base64);
        var floats = new float[bytes.Length / sizeof(float)];
        Buffer.BlockCopy(bytes, 0, floats, 0, bytes.Length);
        return floats;
    }

    private static float Distance(DecoderModel one, DecoderModel other)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        Tensor ids = (arange(40, ScalarType.Int64) * 31 % TinyTokenizer.VocabularySize).unsqueeze(0);
        return (one.Forward(ids) - other.Forward(ids)).abs().max().item<float>();
    }

    private double Perplexity(string model) => (double)Workspace.Run(
        "evaluate", model, "--text", workspace.Validation, "--window", "64", "--threads", "1",
        "--json").Json["perplexity"]![0]!["ppl"]!;
}
