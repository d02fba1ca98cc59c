using Hypercompress.Distillation;
using Hypercompress.FineTuning;
using Hypercompress.Pipeline.Solving;
using Hypercompress.Targets;

namespace Hypercompress.Tests.Pipeline.Solving;

public sealed class TrainingChoiceTests
{
    [Theory]
    [InlineData(null, null, 0.001, false, false)]
    [InlineData(null, null, 0.1, false, false, false)]
    [InlineData(true, null, 0.1, true, false, false)]
    [InlineData(null, null, 0.1, true, false)]
    [InlineData(false, null, 0.1, false, true)]
    [InlineData(false, false, 0.1, false, false)]
    [InlineData(true, true, 0.001, true, true)]
    [InlineData(null, true, 0.1, true, true)]
    public void Of_TrainsWhereThereIsSomethingToGain_UnlessItIsDecided(
        bool? distillation, bool? fineTuning, double excess, bool distills, bool tunes, bool hasMemory = true)
    {
        var choice = TrainingChoice.Of(
            new DistillationOptions { Enabled = distillation },
            new FineTuningOptions { Enabled = fineTuning },
            excess,
            hasMemory,
            RuntimeTargets.Own);

        Assert.Equal(distillation is null ? 0.01 : 0, choice.LeastDivergence);
        Assert.Equal(distills, choice.Distillation.Enabled);
        Assert.Equal(tunes, choice.FineTuning.Enabled);
        Assert.Equal(distillation is null && !distills, choice.Reason is not null);
    }

    [Fact]
    public void Of_ForARuntimeWhoseMatricesDoNotTrain_LeavesTrainingOut()
    {
        var choice = TrainingChoice.Of(
            new DistillationOptions(), new FineTuningOptions(), 0.5, hasMemory: true, RuntimeTargets.Find("gguf"));

        Assert.False(choice.Distillation.Enabled);
        Assert.False(choice.FineTuning.Enabled);
        Assert.Contains("gguf", choice.Reason, StringComparison.Ordinal);
    }
}
