using Hypercompress.Distillation;
using Hypercompress.Pipeline.Solving;

namespace Hypercompress.Tests.Pipeline.Solving;

public sealed class LevelCodeChoiceTests
{
    [Theory]
    [InlineData(true, null, 0.05, 300_000, false)]
    [InlineData(true, null, 0.2, 300_000, true)]
    [InlineData(true, null, 0.2, 99_999, false)]
    [InlineData(true, true, 0.05, 1, true)]
    [InlineData(true, false, 0.2, 300_000, false)]
    [InlineData(false, null, 0.2, 300_000, false)]
    [InlineData(false, true, 0.2, 300_000, false)]
    public void Of_DecidesByExpectedLossAndTokens_UnlessItIsDecided(
        bool enabled, bool? levels, double excess, long tokens, bool expected)
    {
        var options = new DistillationOptions { Enabled = enabled, TrainLevels = levels, TokenBudget = tokens };

        LevelCodeChoice choice = LevelCodeChoice.Of(options, excess);

        Assert.Equal(expected, choice.IsScalar);
        Assert.Equal(enabled && levels is null, choice.Reason is not null);
    }
}
