using Hypercompress.Branches;
using Hypercompress.Branches.KvCache;
using Hypercompress.Forms;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Integers;
using Hypercompress.Sites;

namespace Hypercompress.Tests.Branches.KvCache;

[NoTensorLeaks]
public sealed class KvCacheBranchTests
{
    private static readonly KvCacheBranch Branch = new(new KvCacheOptions(), new BranchSettings());

    [Theory]
    [InlineData(WeightSlotKind.KeyValue, true)]
    [InlineData(WeightSlotKind.Linear, false)]
    [InlineData(WeightSlotKind.Embedding, false)]
    public void Handles_KeysAndValues(WeightSlotKind kind, bool expected) =>
        Assert.Equal(expected, Branch.Handles(new Site("s", kind, 0, 8, 8)));

    [Fact]
    public void Offers_StoreTheirBytes_AndErrorFallsAsBytesRise()
    {
        using var site = new SyntheticSite(24, 40, 7, WeightSlotKind.KeyValue);
        OfferChecks.StoreTheirBytesAndErrorFallsAsBytesRise(Branch, site.Problem);
    }

    [Fact]
    public void MakeOffers_CacheTheLatent()
    {
        using var site = new SyntheticSite(24, 40, 7, WeightSlotKind.KeyValue);
        Assert.All(
            Branch.MakeOffers(site.Problem, [FloatFormat.Float16]),
            offer => Assert.Equal(long.Parse(offer.Setting["rank"], null), offer.CachedValues));
    }

    [Fact]
    public void MakeOffers_ManualAboveTheMatrix_StillShrinksTheCache()
    {
        var fixedWidth = new KvCacheBranch(new KvCacheOptions { CacheTokens = 22 }, new BranchSettings(Manual: true));
        using var site = new SyntheticSite(24, 40, 7, WeightSlotKind.KeyValue);
        Offer offer = Assert.Single(fixedWidth.MakeOffers(site.Problem, [new IntegerFormat(8, 16, isAffine: false)]));
        using FormMatrix form = fixedWidth.Solve(site.Problem, offer);

        Assert.Equal(22, offer.CachedValues);
        Assert.True(offer.Bytes > new IntegerFormat(8, 16, isAffine: false).StoredBytes(24, 40));
        Assert.Equal(offer.Bytes, form.StoredBytes);
    }
}
