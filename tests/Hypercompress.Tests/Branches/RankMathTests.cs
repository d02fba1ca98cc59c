using Hypercompress.Branches.ByteLatent;
using Hypercompress.Branches.KvCache;
using Hypercompress.Branches.LowRank;
using Hypercompress.Branches.Quantization;
using Hypercompress.Branches.Solvers;

namespace Hypercompress.Tests.Branches;

public sealed class RankMathTests
{
    [Theory]
    [InlineData(1536, 576, null, 1.0, 576)]
    [InlineData(1536, 576, 8, 1.0, 8)]
    [InlineData(1536, 576, 8, 0.01, 5)]
    [InlineData(10, 10, null, 0.01, 1)]
    public void LargestRank_OfALayer_TakesTheTightestLimit(long rows, long columns, int? rank, double share, int expected) =>
        Assert.Equal(expected, LowRankMath.LargestRank(rows, columns, rank, share));

    [Theory]
    [InlineData(384, 576, null, 383)]
    [InlineData(1024, 576, null, 576)]
    [InlineData(384, 576, 16, 16)]
    public void WidestLatent_OfKeysAndValues_IsNarrowerThanThem(long rows, long columns, int? configured, int expected) =>
        Assert.Equal(expected, KvCacheMath.WidestLatent(rows, columns, configured));

    [Theory]
    [InlineData(49152, 576, 0.95, 28)]
    [InlineData(100, 10, 0.999, 1)]
    [InlineData(100, 10, 0.0, 9)]
    public void WidestLatent_OfAnEmbedding_RemovesTheShare(long vocabulary, long width, double reduction, int expected) =>
        Assert.Equal(expected, ByteLatentMath.WidestLatent(vocabulary, width, reduction));

    [Fact]
    public void BreakEven_OfASquare_IsJustBelowHalf()
    {
        Assert.Equal(287, RankLadder.BreakEven(576, 576));
        Assert.Equal(0, RankLadder.BreakEven(1, 1));
    }

    [Fact]
    public void Up_OfALargeRank_GrowsInMultiplesOfEight()
    {
        int[] ranks = [.. RankLadder.Up(418)];
        Assert.InRange(ranks.Length, 20, 30);
        Assert.Equal(418, ranks[^1]);
        Assert.Equal(ranks.Distinct().Order(), ranks);
        Assert.All(ranks[3..^1], rank => Assert.Equal(0, rank % 8));
        Assert.Equal([1, 2, 3], RankLadder.Up(3));
        Assert.Empty(RankLadder.Up(0));
    }

    [Fact]
    public void Format_ByWidth_IsAffineFromSixBitsDown()
    {
        Assert.Equal("int8-g64", QuantizationMath.Format(8, 64).ToString());
        Assert.Equal("uint6-g32", QuantizationMath.Format(6, 32).ToString());
    }

    [Fact]
    public void At_BetweenProbes_InterpolatesOnLogarithmicAxes()
    {
        var noise = new RoundingNoise([(1, 1e-4), (4, 4e-4), (16, 4e-4)], floor: 1e-9);
        Assert.Equal(2e-4, noise.At(2), 1e-12);
        Assert.Equal(4e-4, noise.At(8), 1e-12);
        Assert.Equal(1e-4, noise.At(1), 1e-12);
        Assert.Equal(4e-4, noise.At(20), 1e-12);
    }
}
