using Hypercompress.Reporting.Pages;

namespace Hypercompress.Tests.Reporting.Pages;

public sealed class ChartAxisTests
{
    [Fact]
    public void Ticks_Linear_AreRoundAndInside() =>
        Assert.Equal([20, 22, 24, 26, 28], new ChartAxis("a", 19.2, 28.8, false).Ticks());

    [Fact]
    public void Ticks_Logarithmic_AreOneTwoAndFive() =>
        Assert.Equal([0.1, 0.2, 0.5, 1, 2], new ChartAxis("a", 0.08, 2.8, true).Ticks().Select(tick => Math.Round(tick, 9)));

    [Theory]
    [InlineData(1, 1, false)]
    [InlineData(0, 0, false)]
    [InlineData(-5, 1e12, false)]
    [InlineData(1e12, 1e12 + 1, false)]
    [InlineData(1e-9, 1e9, true)]
    [InlineData(3, 3, true)]
    public void Around_AnyValues_HoldsThemAndItsTicks(double low, double high, bool isLogarithmic)
    {
        ChartAxis axis = ChartAxis.Around("a", [high, low], isLogarithmic);

        Assert.InRange(axis.Share(low), 0, 1);
        Assert.InRange(axis.Share(high), 0, 1);
        Assert.InRange(axis.Ticks().Length, 1, 12);
        Assert.All(axis.Ticks(), tick => Assert.InRange(axis.Share(tick), -1e-9, 1 + 1e-9));
    }

    [Fact]
    public void Share_OfALogarithmicAxis_IsByRatio() => Assert.Equal(0.5, new ChartAxis("a", 1, 100, true).Share(10), 1e-12);
}
