using Hypercompress.Branches;
using Hypercompress.Branches.LowRank;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.Sites;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches.LowRank;

[NoTensorLeaks]
public sealed class LowRankBranchTests
{
    private static readonly LowRankBranch Branch = new(new LowRankOptions(), new BranchSettings());

    [Theory]
    [InlineData(WeightSlotKind.Linear, true)]
    [InlineData(WeightSlotKind.Head, true)]
    [InlineData(WeightSlotKind.KeyValue, false)]
    [InlineData(WeightSlotKind.Embedding, false)]
    public void Handles_LinearLayersAndTheHead(WeightSlotKind kind, bool expected) =>
        Assert.Equal(expected, Branch.Handles(new Site("s", kind, 0, 8, 8)));

    [Fact]
    public void Offers_StoreTheirBytes_AndErrorFallsAsBytesRise()
    {
        using var site = new SyntheticSite(40, 30, 7, WeightSlotKind.Linear);
        OfferChecks.StoreTheirBytesAndErrorFallsAsBytesRise(Branch, site.Problem);
    }

    // T H Tᵀ with H = I has the eigenvalues 9 and 1, and all weights are 1: rank 1 leaves ½ · 1.
    [Fact]
    public void MakeOffers_OfAHandComputedMatrix_PredictHalfTheEnergyTheyDrop()
    {
        using var scope = NewDisposeScope();
        using var inputs = new InputMoment(eye(4, dtype: ScalarType.Float64).DetachFromDisposeScope(), 100, damping: 0);
        Tensor target = zeros(4, 4);
        target[0, 2] = 3;
        target[3, 1] = 1;
        using var problem = new SiteProblem(
            new Site("s", WeightSlotKind.Linear, 0, 4, 4),
            target.DetachFromDisposeScope(),
            inputs,
            ones(4, dtype: ScalarType.Float64));
        Offer offer = Branch.MakeOffers(problem, [FloatFormat.Float32]).Single(made => made.Setting["rank"] == "1");

        Assert.Equal(0.5, offer.PredictedError, 1e-6);
        Assert.Equal(1 * (4 + 4), offer.MultiplyAdds);
    }
}
