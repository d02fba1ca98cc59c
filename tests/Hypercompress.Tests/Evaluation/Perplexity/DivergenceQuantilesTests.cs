using Hypercompress.Evaluation.Perplexity;

namespace Hypercompress.Tests.Evaluation.Perplexity;

public sealed class DivergenceQuantilesTests
{
    [Fact]
    public void Of_Values_InterpolatesBetweenNeighbours()
    {
        float[] values = [.. Enumerable.Range(0, 1001).Reverse().Select(value => (float)value)];

        Assert.Equal(new DivergenceQuantiles(500, 990, 999, 1000), DivergenceQuantiles.Of(values));
        Assert.Equal(1.5, DivergenceQuantiles.Of([3, 0, 1, 2]).Median, 1e-12);
        Assert.Equal(0.99, DivergenceQuantiles.Of([0, 1]).Percentile99, 1e-12);
    }

    [Fact]
    public void Of_OneValue_IsThatValue() =>
        Assert.Equal(new DivergenceQuantiles(7, 7, 7, 7), DivergenceQuantiles.Of([7]));

    [Fact]
    public void Of_Nothing_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DivergenceQuantiles.Of([]));
}
