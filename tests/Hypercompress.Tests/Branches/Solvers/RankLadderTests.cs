using Hypercompress.Branches.Solvers;

namespace Hypercompress.Tests.Branches.Solvers;

public sealed class RankLadderTests
{
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
}
