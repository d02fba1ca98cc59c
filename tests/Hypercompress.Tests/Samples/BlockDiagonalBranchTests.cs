using Hypercompress.Artifacts;
using Hypercompress.BlockDiagonal;
using Hypercompress.Branches;
using Hypercompress.Branches.Registry;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using Hypercompress.Pipeline.Runs;
using Hypercompress.Reporting;
using Hypercompress.Sites;
using Hypercompress.Tests.Architecture;
using Hypercompress.Tests.Branches;
using Hypercompress.Tests.Pipeline;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Samples;

/// <summary>A branch that the library does not know, from its folder alone.</summary>
public sealed class BlockDiagonalBranchTests(TinyRun tiny) : IClassFixture<TinyRun>
{
    private static readonly ValueFormat[] Formats =
        [FloatFormat.Float16, NumberFormatRegistry.Standard.Parse("int8-g64")];
    private readonly BlockDiagonalBranch _branch = new(new BlockDiagonalOptions(), new BranchSettings());

    [Fact]
    [NoTensorLeaks]
    public void Offers_KeepTheirWord()
    {
        using var site = new SyntheticSite(16, 24);

        IReadOnlyList<Offer> offers = _branch.MakeOffers(site.Problem, Formats);

        // 16 does not divide 24.
        Assert.Equal(6, offers.Count);
        foreach (Offer offer in offers)
        {
            using FormMatrix form = _branch.Solve(site.Problem, offer);
            using Tensor values = form.Materialize();
            Assert.Equal((16, 24), (form.Rows, form.Columns));
            Assert.Equal(offer.Bytes, form.StoredBytes);
            Assert.Equal(offer.Bytes, BytesOf(form));
            Assert.Equal(offer.PredictedError, site.Problem.Error(values), 1e-9);
        }
    }

    [Fact]
    public void Offers_AreForLinearSitesOnly()
    {
        Assert.True(_branch.Handles(new Site("a", WeightSlotKind.Linear, 0, 4, 4)));
        Assert.False(_branch.Handles(new Site("b", WeightSlotKind.Embedding, null, 4, 4)));
        Assert.False(_branch.Handles(new Site("c", WeightSlotKind.Head, null, 4, 4)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [NoTensorLeaks]
    public void Apply_IsTheMaterializedMatrix(int blocks)
    {
        using var noGrad = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        using var form = new BlockDiagonalForm(
            FloatFormat.Float32.Encode(randn(12, 8 / blocks, generator: generator)), blocks);
        Tensor whole = form.Materialize();
        Tensor x = randn(2, 5, 8, generator: generator);
        Tensor ids = tensor(new long[] { 3, 11, 0 });

        Assert.Equal(12 * 8 / blocks, (whole != 0).sum().item<long>());
        Assert.True((form.Apply(x) - x.matmul(whole.t())).abs().max().item<float>() < 1e-5);
        Assert.True(form.Gather(ids).equal(whole.index_select(0, ids)).all().item<bool>());
        Assert.Equal(12 * 8 / blocks, form.MultiplyAdds);
    }

    [Fact]
    public void Pipeline_WithTheBranch_WritesAndReadsItsForm()
    {
        BranchRegistry registry = new BranchRegistry().With(BlockDiagonalBranch.Registration);

        PipelineArtifacts made = tiny.Compress(
            registry, "blocks", [], "mode=blockdiag", "targets.compression_ratio=1.4");

        Assert.InRange(made.Report.CompressionRatio, 1.4, 1.5);
        BranchReport branch = Assert.Single(made.Report.Branches);
        Assert.Equal("blockdiag", branch.Name);
        Assert.Contains(
            made.Report.Sites, site => site.Form.StartsWith("block-diagonal blocks 2", StringComparison.Ordinal));
        FormCatalog catalog = registry.CreateCatalog();
        Assert.All(new ArtifactVerifier(catalog).Verify(made.Folder), check => Assert.True(check.Ok, check.Detail));
        using (OpenModel opened = OpenModel.Open(made.Folder, catalog))
        {
            Assert.Contains(opened.Model.Decoder.Slots, slot => slot.Matrix is BlockDiagonalForm);
        }

        var failure = Assert.Throws<CheckpointException>(
            () => OpenModel.Open(made.Folder, new BranchRegistry().CreateCatalog()).Dispose());
        Assert.Contains("block-diagonal", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pipeline_WithAllBranches_TakesItsSettings()
    {
        BranchRegistry registry = new BranchRegistry().With(BlockDiagonalBranch.Registration);

        PipelineArtifacts made = tiny.Compress(
            registry, "with-all", [], "targets.compression_ratio=4", "branches.blockdiag.blocks=[8]",
            "merge.strategy=joint");

        Assert.InRange(made.Report.CompressionRatio, 4, 4.04);
        Assert.DoesNotContain(made.Report.Sites, site => site.Form.Contains("blocks 2", StringComparison.Ordinal));
        Assert.All(
            new ArtifactVerifier(registry.CreateCatalog()).Verify(made.Folder), check =>
                Assert.True(check.Ok, check.Detail));
    }

    [Fact]
    public void Library_DoesNotKnowTheBranch() => Assert.DoesNotContain(
        SourceTree.Read("src/Hypercompress", "*.*"),
        file => file.Text.Contains("blockdiag", StringComparison.OrdinalIgnoreCase)
            || file.Text.Contains("block-diag", StringComparison.OrdinalIgnoreCase));

    private static long BytesOf(FormMatrix form)
    {
        using var scope = NewDisposeScope();
        return form.Store("site").Sum(stored => stored.Value.numel() * stored.Value.element_size());
    }
}
