using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using TorchSharp;
using static TorchSharp.torch;

namespace Hypercompress.Cli.Tests;

/// <summary>What a user is told when something is wrong: the exit code, the file, the key or tensor, and what to
/// do.</summary>
public sealed class FailureTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void UnknownKey_IsNamedWithLineAndSuggestion()
    {
        string file = workspace.Write("typo.yaml", "mode: hybrid\ntargets:\n  compresion_ratio: 4\n");

        workspace.Compress(workspace.Of("typo"), "--config", file)
            .Expect(ExitCode.Usage, file, "3", "compresion_ratio", "compression_ratio");
    }

    [Fact]
    public void AllFaultsOfAConfiguration_AreToldAtOnce()
    {
        string file =
            workspace.Write("faults.yaml", "mode: hybird\nruntime:\n  device: tpu\nbranches:\n  lra:\n    rank: 0\n");

        workspace.Compress(workspace.Of("faults"), "--config", file, "--ratio", "0.5")
            .Expect(ExitCode.Usage, "hybrid", "tpu", "branches.lra.rank", "targets.compression_ratio");
    }

    [Theory]
    [InlineData("--ratio", "many")]
    [InlineData("--ratio", "0")]
    [InlineData("--ratio", "-3")]
    [InlineData("--ratio", "NaN")]
    [InlineData("--bytes", "lots")]
    [InlineData("--bytes", "0MB")]
    [InlineData("--threads", "0")]
    [InlineData("--seed", "-1")]
    [InlineData("--max-ram", "1MB")]
    [InlineData("--device", "tpu")]
    [InlineData("--set", "targets.ratio=4")]
    [InlineData("--set", "targets")]
    public void BadValueOfAnOption_IsAUsageError(string option, string value) =>
        workspace.Compress(workspace.Of("bad-option"), option, value).Expect(ExitCode.Usage, "error: ");

    [Theory]
    [InlineData("compress", "--no-such-option")]
    [InlineData("verify", "--no-such-option")]
    [InlineData("no-such-verb")]
    [InlineData("generate")]
    [InlineData("export", "somewhere", "--format", "docx", "--out", "x")]
    public void WrongUsage_PointsToTheHelp(params string[] args) =>
        Workspace.Run(args).Expect(ExitCode.Usage, "--help");

    [Fact]
    public void MissingConfigurationFile_IsAUsageError() =>
        workspace.Compress(workspace.Of("no-config"), "--config", workspace.Of("absent.yaml"))
            .Expect(ExitCode.Usage, "absent.yaml");

    [Fact]
    public void MissingCalibrationFile_IsNamed() => Workspace.Run(
        "compress", workspace.Model, "--calibration", workspace.Of("absent.txt"), "--out", workspace.Of("no-file"))
        .Expect(ExitCode.Input, "absent.txt");

    [Fact]
    public void EmptyCalibrationText_IsNamed()
    {
        string file = workspace.Write("nothing.txt", "");

        Workspace.Run("compress", workspace.Model, "--calibration", file, "--out", workspace.Of("nothing"))
            .Expect(ExitCode.Input, file, "empty");
    }

    [Fact]
    public void TooLittleCalibrationText_SaysHowMuchThereIs()
    {
        string file = workspace.Write("short.txt", "the dog");

        Workspace.Run("compress", workspace.Model, "--calibration", file, "--out", workspace.Of("short"))
            .Expect(ExitCode.Usage, "tokens", "sequence_length");
    }

    [Fact]
    public void EmptyValidationText_IsNamed()
    {
        string file = workspace.Write("empty.txt", "");

        CliResult run = Workspace.Run(
            "compress", workspace.Model, "--calibration", workspace.Calibration, "--validation", file,
            "--set", "data.sequence_length=64", "--out", workspace.Of("empty"));

        Assert.True(run.ExitCode is 2 or 3, run.Messages);
        Assert.Contains("empty.txt", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoTextsOfOneName_AreBothUsed()
    {
        Directory.CreateDirectory(workspace.Of("other"));
        string twin = workspace.Write(Path.Combine("other", "calibration.txt"), TinyCheckpoint.Text(1000, seed: 9));

        workspace.Compress(workspace.Of("twins"), "--calibration", twin, "--ratio", "2", "--no-train")
            .Expect(ExitCode.Done);

        JsonNode manifest =
            JsonNode.Parse(File.ReadAllText(Path.Combine(workspace.Of("twins"), "hypercompress.json")))!;
        Assert.Equal(
            ["calibration.txt", "calibration.txt (2)", "validation.txt"], manifest["data"]!.AsObject()
                .Select(entry => entry.Key));
        Workspace.Run("verify", workspace.Of("twins")).Expect(ExitCode.Done);
    }

    [Fact]
    public void MissingModel_IsAnInputError()
    {
        Workspace.Run([.. workspace.Arguments("compress", workspace.Of("nowhere"))])
            .Expect(ExitCode.Input, "nowhere", "does not exist");
        Workspace.Run("generate", workspace.Of("nowhere"), "--prompt", "x").Expect(ExitCode.Input, "nowhere");
        Workspace.Run("inspect", workspace.Of("nowhere")).Expect(ExitCode.Input, "nowhere");
        Workspace.Run("export", workspace.Of("nowhere"), "--format", "pt", "--out", workspace.Of("n.pt"))
            .Expect(ExitCode.Input, "nowhere");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(20_000)]
    public void TruncatedWeights_AreAnInputError(int length)
    {
        string model = workspace.Copy(workspace.Model, $"truncated{length}");
        string file = Path.Combine(model, "model.safetensors");
        using (FileStream stream = File.OpenWrite(file))
        {
            stream.SetLength(length);
        }

        Workspace.Run([.. workspace.Arguments("compress", model)]).Expect(ExitCode.Input, file);
        Workspace.Run("inspect", file).Expect(ExitCode.Input, file);
    }

    [Fact]
    public void MissingTensor_IsNamedWithItsFile()
    {
        string model = TinyCheckpoint.Write(
            workspace.Of("missing-tensor"), change: (name, value) =>
                name == "model.layers.1.mlp.up_proj.weight" ? null : value);

        Workspace.Run([.. workspace.Arguments("compress", model)])
            .Expect(ExitCode.Input, model, "model.layers.1.mlp.up_proj.weight");
    }

    [Fact]
    public void TensorOfAnotherShape_IsNamed()
    {
        string model = TinyCheckpoint.Write(
            workspace.Of("other-shape"), change: (name, value) =>
                name == "model.layers.0.self_attn.o_proj.weight" ? value[..8] : value);

        Workspace.Run("generate", model, "--prompt", "x")
            .Expect(ExitCode.Input, "model.layers.0.self_attn.o_proj.weight");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{\"model_type\": \"llama\"}")]
    [InlineData("{\"model_type\": 5}")]
    [InlineData("{\"model_type\": \"mamba\"}")]
    [InlineData("{\"model_type\": \"llama\", \"hidden_size\": -1}")]
    [InlineData("{\"model_type\": \"llama\", \"hidden_size\": \"wide\"}")]
    public void BadConfigOfAModel_IsAnInputError(string content)
    {
        string model = workspace.Copy(workspace.Model, $"config-{Guid.NewGuid():N}");
        File.WriteAllText(Path.Combine(model, "config.json"), content);

        Workspace.Run("generate", model, "--prompt", "x").Expect(ExitCode.Input, "config.json");
    }

    [Theory]
    [InlineData("tokenizer.json", "{")]
    [InlineData("tokenizer.json", "{}")]
    [InlineData("tokenizer.json", "{\"model\": {\"type\": \"BPE\", \"vocab\": 3, \"merges\": []}}")]
    [InlineData("tokenizer_config.json", "[")]
    public void BadTokenizer_IsAnInputError(string name, string content)
    {
        string model = workspace.Copy(workspace.Model, $"tokenizer-{Guid.NewGuid():N}");
        File.WriteAllText(Path.Combine(model, name), content);

        Workspace.Run("generate", model, "--prompt", "x").Expect(ExitCode.Input, name);
    }

    [Fact]
    public void GarbageGguf_IsAnInputError()
    {
        var random = new Random(4);
        foreach (int size in new[] { 0, 3, 24, 4096 })
        {
            byte[] content = new byte[size];
            random.NextBytes(content);
            string file = workspace.Of($"garbage{size}.gguf");
            File.WriteAllBytes(file, content);
            Workspace.Run("inspect", file).Expect(ExitCode.Input, file);
            Encoding.ASCII.GetBytes("GGUF").AsSpan(0, Math.Min(size, 4)).CopyTo(content);
            if (size > 8)
            {
                BinaryPrimitives.WriteInt32LittleEndian(content.AsSpan(4), 3);
            }

            File.WriteAllBytes(file, content);
            Workspace.Run("generate", file, "--prompt", "x").Expect(ExitCode.Input, file);
        }
    }

    [Fact]
    public void TruncatedGguf_IsAnInputError()
    {
        byte[] content = File.ReadAllBytes(SharedFiles.Require("golden/arch/llama-tied/model-q8_0.gguf"));
        foreach (int length in new[] { 100, content.Length / 2, content.Length - 1 })
        {
            string file = workspace.Of($"truncated{length}.gguf");
            File.WriteAllBytes(file, content[..length]);
            Workspace.Run("inspect", file).Expect(ExitCode.Input, file);
        }
    }

    [Fact]
    public void RatioOutOfReach_NamesTheNearest()
    {
        string output = workspace.Of("out-of-reach");

        CliResult run = workspace.Compress(output, "--ratio", "1000000").Expect(ExitCode.Target, "nearest");

        AssertNothingLeft(output);
        Workspace.Run([.. workspace.Arguments("plan", workspace.Model), "--ratio", "1000000"])
            .Expect(ExitCode.Target, "nearest");
        Assert.Empty(run.Output);
    }

    [Fact]
    public void FullOutputFolder_IsRefusedBeforeAnyWork()
    {
        string output = Directory.CreateDirectory(workspace.Of("full")).FullName;
        File.WriteAllText(Path.Combine(output, "mine.txt"), "keep");

        workspace.Compress(output).Expect(ExitCode.Usage, output, "not empty");
        CliResult restart = workspace.Compress(output, "--restart")
            .Expect(ExitCode.Usage, output, "hypercompress.json");

        Assert.DoesNotContain("load", restart.Messages.Split("error:")[0], StringComparison.Ordinal);
        Assert.Equal("keep", File.ReadAllText(Path.Combine(output, "mine.txt")));
        workspace.Compress(workspace.Calibration).Expect(ExitCode.Usage, workspace.Calibration, "is a file");
    }

    [Theory]
    [InlineData("model.layers.1.mlp.down_proj.weight", float.NaN)]
    [InlineData("model.layers.0.self_attn.q_proj.weight", float.PositiveInfinity)]
    [InlineData("model.embed_tokens.weight", float.NaN)]
    [InlineData("model.norm.weight", float.NaN)]
    public void WeightThatIsNoNumber_NamesItsPlace(string tensor, float value)
    {
        string model = TinyCheckpoint.Write(
            workspace.Of($"broken-{tensor}"), change: (name, weight) =>
                name == tensor ? weight.index_fill_(0, torch.tensor(2L), value) : weight);
        string output = workspace.Of($"broken-{tensor}-out");

        Workspace.Run([.. workspace.Arguments("compress", model), "--out", output])
            .Expect(ExitCode.Numerical, tensor[..^".weight".Length]);

        AssertNothingLeft(output);
    }

    [Fact]
    public void EvaluationOfABrokenModel_IsANumericalFailure()
    {
        string model = TinyCheckpoint.Write(
            workspace.Of("broken-norm"), change: (name, weight) =>
                name == "model.norm.weight" ? weight * float.NaN : weight);

        CliResult run = Workspace.Run("evaluate", model, "--text", workspace.Validation, "--window", "64", "--json")
            .Expect(ExitCode.Numerical, workspace.Validation);

        Assert.Empty(run.Output);
    }

    [Fact]
    public void ReportThatWasEdited_DoesNotHinderTheExport()
    {
        string folder = workspace.Copy(workspace.Artifact, "edited-report");
        File.WriteAllText(Path.Combine(folder, "report.json"), """{"training": [], "evaluation": 5}""");

        Workspace.Run("export", folder, "--format", "pt", "--out", workspace.Of("edited-report.pt"))
            .Expect(ExitCode.Done);
    }

    [Fact]
    public void TooLittleMemory_StopsWithNothingLeft()
    {
        string output = workspace.Of("memory");

        workspace.Compress(output, "--max-ram", "64MB").Expect(ExitCode.Resources, "--max-ram", "ceiling");

        AssertNothingLeft(output);
    }

    [Theory]
    [InlineData("load")]
    [InlineData("baseline analysis")]
    [InlineData("branches")]
    [InlineData("distillation")]
    [InlineData("evaluation")]
    public void Cancellation_LeavesNothingHalfWritten(string phase)
    {
        string output = workspace.Of($"stopped-{phase}");
        using var source = new CancellationTokenSource();
        using var messages = new CancellingWriter(source, phase + " …");

        CliResult run = Workspace.Run(
            [
                .. workspace.Arguments("compress", workspace.Model), "--out", output, "--ratio", "2",
                "--set", "distillation.enabled=true",
                "--set", "distillation.sequence_length=64", "--set", "finetune.sequence_length=64",
                "--set", "distillation.token_budget=512", "--set", "finetune.token_budget=256",
                "--set", "distillation.validation_tokens=128", "--set", "finetune.validation_tokens=128",
            ],
            messages,
            source.Token);

        run.Expect(ExitCode.Stopped, "stopped", phase);

        // The work beside it is what the run goes on with.
        AssertNothingLeft(output, except: $"{output}.work");
    }

    private void AssertNothingLeft(string output, string? except = null) => Assert.DoesNotContain(
        Directory.GetFileSystemEntries(Path.GetDirectoryName(output)!),
        entry => entry.StartsWith(output, StringComparison.Ordinal) && entry != except);
}
