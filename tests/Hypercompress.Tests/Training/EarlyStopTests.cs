using Hypercompress.Training.States;

namespace Hypercompress.Tests.Training;

public sealed class EarlyStopTests
{
    [Fact]
    public void Observe_SmallGains_AreBestButDoNotCount()
    {
        var stop = new EarlyStop(patience: 2, tolerance: 0.1);
        Assert.True(stop.Observe(10));
        Assert.True(stop.Observe(9.5));
        Assert.False(stop.IsOver);
        Assert.True(stop.Observe(9.2));
        Assert.True(stop.IsOver);
    }

    [Fact]
    public void Observe_GainsThatAddUp_ResetTheWaiting()
    {
        var stop = new EarlyStop(patience: 2, tolerance: 0.1);
        stop.Observe(10);
        stop.Observe(9.5);
        Assert.True(stop.Observe(8.9));
        Assert.False(stop.Observe(9));
        Assert.False(stop.IsOver);
    }

    [Fact]
    public void IsOver_NoPatience_IsNever()
    {
        var stop = new EarlyStop(patience: 0, tolerance: 0);
        foreach (double perplexity in (double[])[1, 2, 3, 4])
        {
            stop.Observe(perplexity);
        }

        Assert.False(stop.IsOver);
    }
}
