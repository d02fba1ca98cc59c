using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands;

public sealed class ExportOnnxTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Theory]
    [InlineData("f32", null, 1e-3)]
    [InlineData("f16", null, 0.1)]
    [InlineData("f32", "keep", 1e-3)]
    [InlineData("f16", "keep", 0.1)]
    [InlineData("f32", "int4", 10)]
    public void Onnx_OfAnArtifact_RunsAsTheSameModel(string type, string? quant, double tolerance)
    {
        string output = workspace.Of($"onnx-{type}-{quant}");
        string[] quantization = quant is null ? [] : ["--quant", quant];

        JsonObject document = Workspace.Run(
            ["export", workspace.Artifact, "--format", "onnx", "--dtype", type, .. quantization, "--out", output,
                "--json"])
            .Expect(ExitCode.Done).Json;

        Assert.InRange((double)document["max_logit_error"]!, 0, tolerance);
        Assert.Equal(
            Directory.GetFiles(output, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length),
            (long)document["file_bytes"]!);
    }

    [Theory]
    [InlineData("[8]", "3", "f32")]
    [InlineData("[4]", "5", "f16")]
    public void Onnx_OfCodes_KeepsThem(string bits, string ratio, string type)
    {
        string artifact = workspace.Of($"coded-{ratio}");
        workspace.Compress(
            artifact, "--ratio", ratio, "--no-train", "--set", "mode=quantization", "--set",
            $"branches.quantization.bits={bits}",
            "--set", "planner.mode=manual").Expect(ExitCode.Done);
        long plain = Export(artifact, $"plain-{ratio}", "--dtype", "f16");

        long kept = Export(artifact, $"kept-{ratio}", "--dtype", type, "--quant", "keep");

        Assert.InRange(kept, 1, 0.8 * plain);
    }

    [Fact]
    public void Onnx_InBFloat16_IsRefused() => Workspace.Run(
        "export", workspace.Artifact, "--format", "onnx", "--dtype", "bf16", "--out", workspace.Of("never"))
        .Expect(ExitCode.Usage, "bf16");

    private long Export(string artifact, string name, params string[] more)
    {
        JsonObject document = Workspace.Run(
            ["export", artifact, "--format", "onnx", "--out", workspace.Of(name), "--json", .. more])
                .Expect(ExitCode.Done).Json;
        Assert.InRange((double)document["max_logit_error"]!, 0, more[1] == "f32" ? 1e-3 : 0.1);
        return (long)document["bytes"]!;
    }
}
