using Hypercompress.Branches;
using Hypercompress.Branches.KvCache;
using Hypercompress.Branches.LowRank;
using Hypercompress.Branches.Solvers;
using Hypercompress.Forms;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Transformer.Weights;
using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.Floats;
using Hypercompress.NumberFormats.Registry;
using static TorchSharp.torch;

namespace Hypercompress.Tests.Branches;

[NoTensorLeaks]
public sealed class PivotTests
{
    // Row 2 is the longest; row 0 lies farthest from its span. Row 1 = row 0 / 2, row 3 = (row 0 + row 2) / 4.
    [Fact]
    public void Choose_OfFourRowsOfRankTwo_TakesTheLongestAndTheOneFarthestFromIt()
    {
        using var scope = NewDisposeScope();
        Tensor rows = tensor(new double[,] { { 2, 0 }, { 1, 0 }, { 2, 4 }, { 1, 1 } });
        (Tensor pivots, Tensor coefficients) = PivotRows.Choose(rows);
        Assert.Equal([0L, 2L], pivots.data<long>().ToArray());
        Assert.True(coefficients.allclose(tensor(new double[,] { { 0.5, 0 }, { 0.25, 0.25 } })));
    }

    [Fact]
    public void Choose_OfRowsOfLowerRank_StillReproducesThem()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        Tensor rows = randn(9, 2, dtype: ScalarType.Float64, generator: generator)
            .matmul(randn(2, 4, dtype: ScalarType.Float64, generator: generator));
        (Tensor pivots, Tensor coefficients) = PivotRows.Choose(rows);
        Assert.Equal(4, pivots.data<long>().Distinct().Count());
        long[] others = [.. Enumerable.Range(0, 9).Select(i => (long)i).Except(pivots.data<long>())];
        Assert.True(
            coefficients.matmul(rows.index_select(0, pivots)).allclose(
            rows.index_select(0, tensor(others)), atol: 1e-9));
    }

    [Fact]
    public void Choose_OfManyRows_KeepsCoefficientsSmall()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        Tensor rows = randn(200, 60, dtype: ScalarType.Float64, generator: generator);
        (Tensor pivots, Tensor coefficients) = PivotRows.Choose(rows);
        Assert.Equal([140L, 60L], coefficients.shape);
        Assert.True(coefficients.abs().max().item<double>() < 4);
        Assert.True(pivots.diff(1, 0).min().item<long>() > 0);
    }

    [Theory]
    [InlineData(40, 30)]
    [InlineData(30, 40)]
    public void Solve_AsPivots_IsTheSameMatrixAsFactorsInFewerBytes(long rows, long columns)
    {
        using var scope = NewDisposeScope();
        using var site = new SyntheticSite(rows, columns, 6);
        var branch = new LowRankBranch(new LowRankOptions { Rank = 20 }, new BranchSettings(Manual: true));
        Offer offer = Assert.Single(branch.MakeOffers(site.Problem, [FloatFormat.Float32]));
        using FormMatrix pivots = branch.Solve(site.Problem, offer);
        using FormMatrix factors = branch.Solve(site.Problem, offer with { Setting = offer.Setting.Remove("layout") });
        Assert.IsType<PivotRowForm>(pivots);
        Assert.IsType<LowRankForm>(factors);
        Assert.True(pivots.Materialize().allclose(factors.Materialize(), atol: 1e-5));
        Assert.Equal(offer.Bytes, pivots.StoredBytes);
        Assert.Equal((20 * 50 * 4) + ((rows + 7) / 8), pivots.StoredBytes);
    }

    [Fact]
    public void MakeOffers_OfFloatFormats_ReachAlmostFullRank()
    {
        using var site = new SyntheticSite(40, 30, 6, WeightSlotKind.KeyValue);
        var branch = new KvCacheBranch(new KvCacheOptions(), new BranchSettings());
        int Highest(string format) => branch.MakeOffers(site.Problem, [NumberFormatRegistry.Standard.Parse(format)])
            .Max(offer => int.Parse(offer.Setting["rank"], null));
        Assert.Equal(29, Highest("f16"));
        Assert.Equal(RankLadder.BreakEven(40, 30), Highest("int8-g8"));
    }

    [Fact]
    public void Solve_OfAPlanOfAnEarlierVersion_GivesPivotRows()
    {
        using var site = new SyntheticSite(12, 12, 6);
        var branch = new LowRankBranch(new LowRankOptions { Rank = 3 }, new BranchSettings(Manual: true));
        Offer offer = branch.MakeOffers(site.Problem, [FloatFormat.Float16])[0];
        Assert.Equal("pivot-rows", offer.Setting["layout"]);
        Offer earlier = offer with { Setting = offer.Setting.Remove("layout").Add("gauge", "pifa") };
        using FormMatrix solved = branch.Solve(site.Problem, earlier);
        Assert.IsType<PivotRowForm>(solved);
    }

    [Fact]
    public void Solve_WithAnUnknownLayout_Throws()
    {
        using var site = new SyntheticSite(12, 12, 6);
        var branch = new LowRankBranch(new LowRankOptions { Rank = 3 }, new BranchSettings(Manual: true));
        Offer offer = branch.MakeOffers(site.Problem, [FloatFormat.Float16])[0];
        Assert.Throws<ConfigurationException>(
            () => branch.Solve(site.Problem, offer with { Setting = offer.Setting.SetItem("layout", "qr") }));
    }
}
