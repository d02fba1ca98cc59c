using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Exports;
using Hypercompress.Exports.Onnx;
using Hypercompress.Exports.Registry;
using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Checkpoints.Folders;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Packages;
using Hypercompress.Models.Transformer;
using Hypercompress.Models.Transformer.Layout;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Planning;
using Hypercompress.Targets;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Pipeline;

/// <summary>Models that are compressed for ONNX Runtime, transformers and vLLM.</summary>
public sealed class FolderTargetTests(TinyRun run) : IClassFixture<TinyRun>
{
    [Theory]
    [InlineData("onnx", "2.5")]
    [InlineData("onnx", "6")]
    [InlineData("hf", "1.5")]
    [InlineData("vllm", "1.5")]
    public void Compress_ForARuntime_WritesThePlannedBytesWithTheNumbersOfTheArtifact(string name, string ratio)
    {
        string[] settings = [$"targets.runtime={name}", $"targets.compression_ratio={ratio}"];
        CompressionPlan plan = run.Plan(settings).Plan;
        PipelineArtifacts made = run.Compress(new BranchRegistry(), $"for-{name}-{ratio}", [], settings);
        ExportResult written = Export(name, made.Folder);

        Assert.Equal($"for-{name}-{ratio}-{name}", Path.GetFileName(written.Path));
        Assert.True(written.IsPublished);
        Assert.Equal(plan.Bytes, written.Bytes);
        Assert.InRange(written.MaximumLogitError!.Value, 0, name == "onnx" ? 2e-4 : 0);
        Assert.All(
            new ArtifactVerifier(new BranchRegistry().CreateCatalog()).Verify(made.Folder),
            check => Assert.True(check.Ok, check.Detail));
        Assert.Contains(plan.Sites, site => !site.Offers.IsEmpty);
    }

    [Fact]
    public void Model_ForOnnx_SaysTheSameInOnnxRuntime()
    {
        PipelineArtifacts made = run.Compress(
            new BranchRegistry(), "said-onnx", [], "targets.runtime=onnx", "targets.compression_ratio=3");
        ExportResult written = Export("onnx", made.Folder);
        using OpenModel opened = OpenModel.Open(made.Folder, new BranchRegistry().CreateCatalog());
        using var session = new OnnxSession(written.Path, opened.Model.Decoder.Config);
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        var said = new List<long> { 3, 5, 8 };
        Tensor theirs = session.Append([.. said]);
        for (int step = 0; step < 40; step++)
        {
            Tensor ours = opened.Model.Decoder.Forward(tensor(said.ToArray()).unsqueeze(0));
            long next = ours[0, -1].argmax().item<long>();
            Assert.Equal(next, theirs[0, -1].argmax().item<long>());
            said.Add(next);
            theirs = session.Append([next]);
        }
    }

    [Fact]
    public void Plan_ForOnnxBelowFourBits_TakesFactors()
    {
        CompressionPlan plan = run.Plan("targets.runtime=onnx", "targets.compression_ratio=6").Plan;

        Assert.Contains(plan.Sites.SelectMany(site => site.Offers), offer => offer.Branch == "lra");
    }

    [Fact]
    public void Plan_ForVllm_TreatsLayersThatItJoinsAlike()
    {
        CompressionPlan plan = run.Plan("targets.runtime=vllm", "targets.compression_ratio=1.7").Plan;
        Dictionary<string, string?> formats = plan.Sites.ToDictionary(
            site => site.Site.Name, site => site.Offers.FirstOrDefault()?.Setting["format"]);

        Assert.All(Enumerable.Range(0, 2), layer =>
        {
            Assert.Equal(formats[Name(TensorRole.Query, layer)], formats[Name(TensorRole.Key, layer)]);
            Assert.Equal(formats[Name(TensorRole.Gate, layer)], formats[Name(TensorRole.Up, layer)]);
        });
        Assert.Null(formats[DecoderLayout.EmbeddingName]);
    }

    [Fact]
    public void Folder_ForTransformers_HasAGroupForEachScheme()
    {
        PipelineArtifacts made = run.Compress(
            new BranchRegistry(), "groups-hf", [], "targets.runtime=hf", "targets.compression_ratio=1.6");
        ExportResult written = Export("hf", made.Folder);

        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(written.Path, "config.json")))!;
        JsonObject groups = config["quantization_config"]!["config_groups"]!.AsObject();
        using ITensorSource tensors = CheckpointFolder.Open(written.Path);
        Assert.Equal(
            tensors.Tensors.Keys.Where(name => name.EndsWith(".weight_packed", StringComparison.Ordinal))
                .Select(name => name[..name.LastIndexOf('.')]).Order(),
            groups.SelectMany(group => group.Value!["targets"]!.AsArray().Select(target => (string)target!)).Order());
        Assert.All(
            tensors.Tensors.Values.Where(tensor => tensor.Name.EndsWith(".weight_scale", StringComparison.Ordinal)),
            tensor => Assert.Equal("F16", tensor.DataType));
    }

    [Theory]
    [InlineData("hf", "gpt2")]
    [InlineData("vllm", "gpt_neox")]
    public void Require_OfLayersThatCompressedTensorsDoesNotHave_SaysWhy(string target, string model)
    {
        using ModelPackage package = ModelPackage.Open(SharedFiles.Require($"golden/arch/{model}"));
        ConfigurationException failure = Assert.Throws<ConfigurationException>(
            () => RuntimeTargets.Find(target).Require(package.ReadDecoderConfig(), package.Config));

        Assert.Contains("transposed or alternates between heads", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama-tied")]
    [InlineData("llama3-rope")]
    [InlineData("phi3-longrope")]
    [InlineData("llama-dynamic-rope")]
    [InlineData("gemma3_text")]
    [InlineData("gpt2")]
    public void ExtraBytes_ForOnnx_AreThoseOfTheGraphBesideTheWeights(string name)
    {
        using OpenModel opened = OpenModel.Open(
            SharedFiles.Require($"golden/arch/{name}"), new BranchRegistry().CreateCatalog());
        using var folder = new ScratchFolder();
        ExportResult written = new ModelExporter(_ => { }).Export(
            opened,
            ExportFormats.Find("onnx"),
            new ExportRequest(folder.Of("graph"), ScalarType.Float32, "keep", Verify: false));
        DecoderModel model = opened.Model.Decoder;

        Assert.Equal(
            written.Bytes,
            (4 * model.ParameterCount) + RuntimeTargets.Find("onnx").ExtraBytes(model.Config));
    }

    private static ExportResult Export(string name, string artifact)
    {
        var export = new TargetExport(RuntimeTargets.Find(name));
        return export.Write(
            artifact, export.PathFor(artifact), new BranchRegistry().CreateCatalog(), _ => { });
    }

    private static string Name(TensorRole role, int layer) => DecoderNames.Of(role, layer);
}
