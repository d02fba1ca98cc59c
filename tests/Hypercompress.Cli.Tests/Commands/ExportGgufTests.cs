using System.Text.Json.Nodes;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Packages;

namespace Hypercompress.Cli.Tests.Commands;

public sealed class ExportGgufTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Theory]
    [InlineData("--dtype", "f32", "F32", 1e-4)]
    [InlineData("--dtype", "bf16", "BF16", 0.25)]
    [InlineData("--quant", "q8_0", "Q8_0", 0.25)]
    [InlineData("--quant", "q4_0", "Q4_0", 2)]
    public void Gguf_OfAnArtifact_ReadsBackAsTheSameModel(string option, string value, string stored, double tolerance)
    {
        string output = workspace.Of($"model-{value}.gguf");

        CliResult run =
            Workspace.Run("export", workspace.Artifact, "--format", "gguf", option, value, "--out", output, "--json")
            .Expect(ExitCode.Done, "no low-rank matrices");

        JsonObject document = run.Json;
        Assert.Equal(output, (string?)document["path"]);
        Assert.InRange((double)document["max_logit_error"]!, 0, tolerance);
        using GgufFile file = GgufFile.Open(output);
        Assert.Equal(file.Tensors.Values.Sum(tensor => tensor.ByteLength), (long)document["bytes"]!);
        Assert.Equal(new FileInfo(output).Length, (long)document["file_bytes"]!);
        Assert.Equal(stored, file.Tensors["blk.0.ffn_gate.weight"].DataType);
        Assert.Equal("F32", file.Tensors["blk.0.attn_norm.weight"].DataType);
        using ModelPackage package = ModelPackage.Open(output);
        Assert.NotNull(package.ReadTokenizer());
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(output)!, "*.partial*"));
    }

    [Fact]
    public void Gguf_UnderAnotherEnding_IsRefused() => Workspace.Run(
        "export", workspace.Artifact, "--format", "gguf", "--out", workspace.Of("model.bin"))
            .Expect(ExitCode.Usage, ".gguf");

    [Fact]
    public void Gguf_InAnUnknownType_IsRefused() => Workspace.Run(
        "export", workspace.Artifact, "--format", "gguf", "--quant", "q3_x", "--out", workspace.Of("model.gguf"))
        .Expect(ExitCode.Usage, "q4_k");

    [Fact]
    public void Gguf_OntoAFile_IsRefused()
    {
        string output = workspace.Write("taken.gguf", "mine");

        Workspace.Run("export", workspace.Artifact, "--format", "gguf", "--out", output).Expect(ExitCode.Usage, output);

        Assert.Equal("mine", File.ReadAllText(output));
    }
}
