using Hypercompress.Distillation;
using Hypercompress.Pipeline.Solving;

namespace Hypercompress.Tests.Pipeline.Solving;

public sealed class LevelCodeChoiceTests
{
    [Theory]
    [InlineData(true, null, 0.05, false)]
    [InlineData(true, null, 0.2, true)]
    [InlineData(true, true, 0.05, true)]
    [InlineData(true, false, 0.2, false)]
    [InlineData(false, null, 0.2, false)]
    [InlineData(false, true, 0.2, false)]
    public void Of_DecidesByTheExpectedLoss_UnlessItIsDecided(bool enabled, bool? levels, double excess, bool expected)
    {
        var options = new DistillationOptions { Enabled = enabled, TrainLevels = levels };

        LevelCodeChoice choice = LevelCodeChoice.Of(options, excess);

        Assert.Equal(expected, choice.IsScalar);
        Assert.Equal(enabled && levels is null, choice.Reason is not null);
    }
}
