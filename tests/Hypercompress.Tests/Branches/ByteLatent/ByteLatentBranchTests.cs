using Hypercompress.Branches;
using Hypercompress.Branches.ByteLatent;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches.ByteLatent;

[NoTensorLeaks]
public sealed class ByteLatentBranchTests
{
    private static readonly ByteLatentBranch Branch = new(new ByteLatentOptions(), new BranchSettings());

    [Theory]
    [InlineData(WeightSlotKind.Embedding, true)]
    [InlineData(WeightSlotKind.Head, false)]
    [InlineData(WeightSlotKind.Linear, false)]
    public void Handles_Embeddings(WeightSlotKind kind, bool expected) =>
        Assert.Equal(expected, Branch.Handles(new Site("s", kind, null, 8, 8)));

    [Fact]
    public void RunsFirst_BecauseOthersSeeItsOutputs() => Assert.True(Branch.RunsFirst);

    [Fact]
    public void Offers_StoreTheirBytes_AndErrorFallsAsBytesRise()
    {
        using var site = new SyntheticSite(60, 24, 7, WeightSlotKind.Embedding);
        OfferChecks.StoreTheirBytesAndErrorFallsAsBytesRise(Branch, site.Problem);
    }

    [Fact]
    public void Solve_GivesTwoFactorsThatPickRowsAndApply()
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(60, 24, 7, WeightSlotKind.Embedding);
        Offer offer = Branch.MakeOffers(site.Problem, [FloatFormat.Float32]).First(made => made.Setting["rank"] == "5");
        using FormMatrix form = Branch.Solve(site.Problem, offer);
        Tensor whole = form.Materialize();
        Tensor ids = tensor(new long[] { 3, 59, 0 });

        // An embedding is looked up by rows: pivot rows would make each of them a combination of others.
        Assert.Equal(5, Assert.IsType<LowRankForm>(form).Rank);
        Assert.True(form.Gather(ids).allclose(whole.index_select(0, ids), atol: 1e-6));
        Assert.True(form.Apply(eye(24)).allclose(whole.t(), atol: 1e-6));
    }
}
