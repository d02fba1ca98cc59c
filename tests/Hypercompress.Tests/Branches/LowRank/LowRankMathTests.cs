using Hypercompress.Branches.LowRank;

namespace Hypercompress.Tests.Branches.LowRank;

public sealed class LowRankMathTests
{
    [Theory]
    [InlineData(1536, 576, null, 1.0, 576)]
    [InlineData(1536, 576, 8, 1.0, 8)]
    [InlineData(1536, 576, 8, 0.01, 5)]
    [InlineData(10, 10, null, 0.01, 1)]
    public void LargestRank_OfALayer_TakesTheTightestLimit(
        long rows, long columns, int? rank, double share, int expected) =>
        Assert.Equal(expected, LowRankMath.LargestRank(rows, columns, rank, share));
}
