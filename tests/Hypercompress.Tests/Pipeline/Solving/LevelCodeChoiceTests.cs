using Hypercompress.Distillation;
using Hypercompress.FineTuning;
using Hypercompress.NumberFormats;
using Hypercompress.Pipeline.Solving;
using Hypercompress.Training;

namespace Hypercompress.Tests.Pipeline.Solving;

public sealed class LevelCodeChoiceTests
{
    private const long FewLevels = 500_000;
    private const long ManyLevels = 135_000_000;

    [Theory]
    [InlineData(null, 0.01, 300_000, FewLevels, TrainedCodes.Scales)]
    [InlineData(null, 0.2, 300_000, FewLevels, TrainedCodes.Levels)]
    [InlineData(null, 0.2, 74_999, FewLevels, TrainedCodes.Scales)]
    [InlineData(null, 0.2, 300_000, ManyLevels, TrainedCodes.Scales)]
    [InlineData(null, 0.2, 30_000_000, ManyLevels, TrainedCodes.Levels)]
    [InlineData(true, 0.05, 1, ManyLevels, TrainedCodes.Levels)]
    [InlineData(false, 0.2, 300_000, FewLevels, TrainedCodes.Scales)]
    public void Of_DecidesByExpectedLossAndTokens_UnlessItIsDecided(
        bool? decided, double excess, long tokens, long levels, TrainedCodes expected)
    {
        var distillation = new DistillationOptions { Enabled = true, TrainLevels = decided, TokenBudget = tokens };

        LevelCodeChoice choice = LevelCodeChoice.Of(Training(distillation), excess, levels);

        Assert.Equal(expected, choice.Parts);
        Assert.Equal(decided is null, choice.Reason is not null);
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, TrainedCodes.Scales)]
    public void Of_WithoutDistillation_TrainsScalesWhereThereIsFineTuning(bool tunes, TrainedCodes? expected)
    {
        var distillation = new DistillationOptions { Enabled = false, TrainLevels = true };

        LevelCodeChoice choice = LevelCodeChoice.Of(Training(distillation, tunes), 0.2, FewLevels);

        Assert.Equal(expected, choice.Parts);
    }

    [Fact]
    public void Of_WhereScalesAreToTrain_KeepsTheTrellis()
    {
        var distillation = new DistillationOptions { Enabled = true, Train = TrainableParts.Scales };

        Assert.Equal(TrainedCodes.Scales, LevelCodeChoice.Of(Training(distillation), 0.2, FewLevels).Parts);
    }

    private static TrainingChoice Training(DistillationOptions distillation, bool tunes = false) =>
        new(distillation, new FineTuningOptions { Enabled = tunes }, Reason: null);
}
