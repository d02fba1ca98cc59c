using Hypercompress.Artifacts;
using Hypercompress.Branches.Registry;
using Hypercompress.Exports;
using Hypercompress.Exports.Registry;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Reporting;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Pipeline;

/// <summary>Gate and up share a factor, from the plan to the file and back.</summary>
public sealed class StackedRunTests(StackedRun run) : IClassFixture<StackedRun>
{
    private const string Gate = "model.layers.0.mlp.gate_proj";
    private const string Up = "model.layers.0.mlp.up_proj";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Compress_WithLowRankAlone_StoresWhatWasPlanned(bool inOrder)
    {
        PipelineArtifacts made = inOrder ? run.Made : run.Compress("at-once", "sequential.enabled=false");

        SiteReport[] shared = [.. made.Report.Sites.Where(IsShared)];
        Assert.NotEmpty(shared);
        Assert.All(shared, site => Assert.Matches(
            @"^shared-latent rank \d+ f16 of model\.layers\.\d\.mlp\.gate_proj$", site.Form));
        Assert.All(shared, site => Assert.InRange(site.MeasuredError, 0, 1.1 * site.PredictedError));
        Assert.InRange(made.Report.CompressionRatio, 2, 2.02);
        Assert.Equal(made.Report.Sites.Sum(site => site.Bytes) + VectorBytes(made), made.Manifest.WeightBytes);
        Assert.Equal(made.Report.Bytes.Student, made.Manifest.WeightBytes);
        Assert.All(Verify(made.Folder), check => Assert.True(check.Ok, check.Detail));
    }

    [Theory]
    [InlineData("branches.lra.stacked=false")]
    [InlineData("planner.exclude=[\"*.up_proj\"]")]
    [InlineData("planner.include=[\"*.gate_proj\", \"*.down_proj\", \"*.o_proj\", \"*.q_proj\"]")]
    public void Compress_WithStackingOffOrAMemberExcluded_SharesNothing(string setting)
    {
        PipelineArtifacts made = run.Compress($"apart-{setting.Length}", setting, "targets.compression_ratio=1.4");

        Assert.DoesNotContain(made.Report.Sites, IsShared);
        Assert.All(Verify(made.Folder), check => Assert.True(check.Ok, check.Detail));
    }

    [Fact]
    public void Compress_WithTraining_StoresTheSharedFactorOnce()
    {
        PipelineArtifacts made = run.Compress("trained", "distillation.enabled=true", "finetune.enabled=true");

        Assert.All(made.Report.Training, training => Assert.True(training.Steps > 0));
        Assert.Contains(made.Report.Sites, IsShared);
        Assert.Equal(run.Made.Manifest.WeightBytes, made.Manifest.WeightBytes);
        Assert.All(Verify(made.Folder), check => Assert.True(check.Ok, check.Detail));
    }

    [Theory]
    [InlineData("hf-dense")]
    [InlineData("hf")]
    [InlineData("gguf")]
    [InlineData("onnx")]
    [InlineData("pt")]
    public void Export_OfAStackedArtifact_ReadsBackAsTheSameModel(string format)
    {
        using OpenModel opened = Open(run.Made.Folder);
        ExportFormat chosen = ExportFormats.Find(format);
        string path = Path.Combine(run.Folder, $"exported-{format}{chosen.Extension}");

        ExportResult result = new ModelExporter(_ => { }).Export(
            opened, chosen, new ExportRequest(path, ScalarType.Float32, null, Verify: true));

        Assert.True(result.IsPublished);
        Assert.InRange(result.MaximumLogitError!.Value, 0, result.Tolerance);
    }

    [Theory]
    [InlineData("elsewhere", "its owner 'elsewhere' is not a site before it")]
    [InlineData(Up, "is not a site before it")]
    [InlineData("model.layers.0.mlp.down_proj", "is not a site before it")]
    [InlineData("model.layers.0.self_attn.kv_proj", "has no latent of rank")]
    public void Open_WithADamagedReference_NamesTheSite(string owner, string problem)
    {
        string folder = run.Copy(run.Made.Folder, $"damaged-{owner.Length}");
        string file = Path.Combine(folder, ArtifactLayout.Config);
        string intact = File.ReadAllText(file);
        string damaged = intact.Replace($"\"owner\": \"{Gate}\"", $"\"owner\": \"{owner}\"", StringComparison.Ordinal);
        Assert.NotEqual(intact, damaged);
        File.WriteAllText(file, damaged);

        var failure = Assert.Throws<CheckpointException>(() => Open(folder).Dispose());

        Assert.Contains($"site {Up}: its owner", failure.Message, StringComparison.Ordinal);
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
        Assert.Contains(Verify(folder), check => !check.Ok);
    }

    private static bool IsShared(SiteReport site) =>
        site.Form.StartsWith(SharedLatentForm.Kind, StringComparison.Ordinal);

    // Norms of two layers and the last one, in 16 bits.
    private static long VectorBytes(PipelineArtifacts made)
    {
        using OpenModel opened = Open(made.Folder);
        return 2 * opened.Model.Decoder.NamedVectors.Sum(pair => pair.Vector.NumberOfElements);
    }

    private static OpenModel Open(string folder) => OpenModel.Open(folder, new BranchRegistry().CreateCatalog());

    private static IEnumerable<VerificationCheck> Verify(string folder) =>
        new ArtifactVerifier(new BranchRegistry().CreateCatalog()).Verify(folder);
}
