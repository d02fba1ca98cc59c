using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Checkpoints.Safetensors;
using static TorchSharp.torch;

namespace Hypercompress.Cli.Tests.Commands;

/// <summary>
/// A tiny checkpoint of every family is compressed, verified and written in its stock layout again. They have no
/// tokenizer, so that they are calibrated on token ids.
/// </summary>
public sealed class FamilyCommandsTests : IDisposable
{
    private const float Tolerance = 1e-3f;

    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData("gemma2")]
    [InlineData("gemma3_text")]
    [InlineData("gpt2-bin")]
    [InlineData("gpt_neox")]
    [InlineData("llama-bias")]
    [InlineData("mistral-sliding")]
    [InlineData("olmo2")]
    [InlineData("phi3")]
    [InlineData("phi3-longrope")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("smollm3")]
    public void CompressVerifyExport_EachFamily_GivesModelsThatAgree(string name)
    {
        string model = SharedFiles.Require($"golden/arch/{name}");
        string ids = _folder.Write("ids.json", Ids(1000, 256, seed: 5));
        string prompts = _folder.Write("prompts.json", $"[{Ids(12, 256, seed: 6)}]");
        string artifact = _folder.Of("artifact");

        JsonObject report = Workspace.Run(
            "compress", model, "--calibration", ids, "--ratio", "2", "--no-train", "--out", artifact, "--threads", "1",
            "--set", "data.calibration_tokens=512", "--set", "data.fisher_tokens=128", "--set",
            "data.sequence_length=32",
            "--set", "evaluation.max_tokens=128", "--set", "evaluation.window=32", "--json").Expect(ExitCode.Done).Json;
        Workspace.Run("verify", artifact).Expect(ExitCode.Done);
        Workspace.Run(
            "export", artifact, "--format", "hf-dense", "--dtype", "f32", "--out", _folder.Of("dense"))
                .Expect(ExitCode.Done);

        foreach (string target in new[] { "hf", "model.gguf", "onnx" })
        {
            string format = Path.GetExtension(target) == ".gguf" ? "gguf" : target;
            Workspace.Run(
                "export", artifact, "--format", format, "--dtype", "f32", "--out", _folder.Of(target))
                    .Expect(ExitCode.Done, "read back");
        }

        Assert.True((double)report["compression_ratio"]! >= 2);
        AssertStockLayout(model, _folder.Of("dense"));
        Assert.InRange(Difference(artifact, _folder.Of("dense"), prompts), 0, Tolerance);
        Assert.NotEqual(0, Difference(artifact, model, prompts));
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The same tensors as the teacher's checkpoint, less what is no weight or stored twice.</summary>
    private static void AssertStockLayout(string model, string dense)
    {
        using ITensorSource teacher = CheckpointFolder.Open(model);
        using ITensorSource written = CheckpointFolder.Open(dense);
        Assert.All(written.Tensors.Values, tensor =>
        {
            string bare = tensor.Name[(tensor.Name.IndexOf('.', StringComparison.Ordinal) + 1)..];
            TensorInfo? original = teacher.Tensors.GetValueOrDefault(tensor.Name)
                ?? teacher.Tensors.GetValueOrDefault(bare);
            Assert.Equal(original!.Shape, tensor.Shape);
        });
        Assert.InRange(written.Tensors.Count, teacher.Tensors.Count - 6, teacher.Tensors.Count);
    }

    private float Difference(string one, string other, string prompts)
    {
        using var scope = NewDisposeScope();
        return (Logits(one, prompts, "one") - Logits(other, prompts, "other")).abs().max().item<float>();
    }

    private Tensor Logits(string model, string prompts, string name)
    {
        string file = _folder.Of($"{name}.safetensors");
        Workspace.Run("logits", model, "--ids", prompts, "--out", file, "--threads", "1").Expect(ExitCode.Done);
        using var source = SafetensorsFile.Open(file);
        return source.Read("logits.0");
    }

    private static string Ids(int count, int vocabulary, int seed)
    {
        var random = new Random(seed);
        return $"[{string.Join(',', Enumerable.Range(0, count).Select(_ => random.Next(vocabulary)))}]";
    }
}
