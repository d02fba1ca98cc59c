using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Exports;
using Hypercompress.Exports.Registry;
using Hypercompress.Models.Checkpoints.Gguf;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Targets;
using Hypercompress.Tests.Exports.Gguf;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Pipeline;

/// <summary>A model that is compressed for llama.cpp.</summary>
public sealed class GgufTargetTests(TinyRun run) : IClassFixture<TinyRun>
{
    private static readonly string[] Settings = ["targets.runtime=gguf", "targets.compression_ratio=2.5"];

    [Fact]
    public void Compress_ForGguf_WritesAFileOfThePlannedBytesWithTheNumbersOfTheArtifact()
    {
        PipelineArtifacts made = run.Compress(new BranchRegistry(), "for-gguf", [], Settings);
        var export = new TargetExport(RuntimeTargets.Find("gguf"));
        string path = export.PathFor(made.Folder);
        ExportResult written = export.Write(made.Folder, path, new BranchRegistry().CreateCatalog(), _ => { });

        Assert.True(written.IsPublished);
        Assert.Equal(0, written.MaximumLogitError);
        JsonNode plan = JsonNode.Parse(File.ReadAllText(Path.Combine(made.Folder, "plan.json")))!;
        using GgufFile file = GgufFile.Open(path);
        long planned = (long)plan["fixed_bytes"]! + plan["sites"]!.AsArray().Sum(site => (long)site!["bytes"]!);
        Assert.Equal(planned, file.Tensors.Values.Sum(tensor => tensor.ByteLength));
        Assert.Equal(made.Manifest.WeightBytes, written.Bytes);
        Assert.All(
            new ArtifactVerifier(new BranchRegistry().CreateCatalog()).Verify(made.Folder),
            check => Assert.True(check.Ok, check.Detail));
        Assert.Equal("Hypercompress", file.Metadata.GetString("general.quantized_by"));
        Assert.True(JsonNode.DeepEquals(plan, JsonNode.Parse(file.Metadata.GetString("hypercompress.plan"))));
        Assert.True(file.Tensors.Values.Select(tensor => tensor.DataType).Distinct().Count() > 2);
    }

    [Fact]
    public void File_ForGguf_GivesOurLogitsInLlamaCpp()
    {
        PipelineArtifacts made = run.Compress(new BranchRegistry(), "for-llama", [], Settings);
        var export = new TargetExport(RuntimeTargets.Find("gguf"));
        string path = export.PathFor(made.Folder);
        export.Write(made.Folder, path, new BranchRegistry().CreateCatalog(), _ => { });
        int[] ids = [.. Enumerable.Range(3, 20)];

        using var llama = LlamaCpp.Open(path);
        float[] theirs = [.. llama.Logits(ids).SelectMany(row => row)];

        using var scope = NewDisposeScope();
        using var noGrad = no_grad();
        using OpenModel opened = OpenModel.Open(made.Folder, new BranchRegistry().CreateCatalog());
        Tensor ours = opened.Model.Decoder.Forward(tensor(ids.Select(id => (long)id).ToArray()).unsqueeze(0)).flatten();

        // llama.cpp rounds the inputs of blocks to 8 bits.
        Tensor difference = (ours - tensor(theirs)).norm() / ours.norm();
        Assert.InRange(difference.item<float>(), 0, 0.03);
    }

    [Theory]
    [InlineData("gpt2", "joins matrices")]
    [InlineData("phi3", "joins matrices")]
    [InlineData("gemma2", "queries of another scale")]
    public void Require_OfAModelThatSuchAFileDoesNotHold_SaysWhy(string name, string reason)
    {
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require($"golden/arch/{name}"));
        ConfigurationException failure = Assert.Throws<ConfigurationException>(
            () => RuntimeTargets.Find("gguf").Require(package.ReadDecoderConfig(), package.Config));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama-tied", 0)]
    [InlineData("llama3-rope", 32)]
    [InlineData("qwen3", 0)]
    public void ExtraBytes_AreThoseOfRotaryDivisors(string name, long expected)
    {
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require($"golden/arch/{name}"));
        RuntimeTarget target = RuntimeTargets.Find("gguf");
        target.Require(package.ReadDecoderConfig(), package.Config);
        Assert.Equal(expected, target.ExtraBytes(package.ReadDecoderConfig()));
    }

    [Fact]
    public void Compress_InAModeWithoutDenseMatrices_IsRefused()
    {
        ConfigurationException failure = Assert.Throws<ConfigurationException>(
            () => run.Compress(new BranchRegistry(), "lra", [], ["mode=lra", .. Settings]));
        Assert.Contains("gguf holds no matrix that mode 'lra' makes", failure.Message, StringComparison.Ordinal);
    }
}
