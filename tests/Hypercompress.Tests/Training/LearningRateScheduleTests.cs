using Hypercompress.Training;

namespace Hypercompress.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void At_WarmupThenCosine_HasTheExpectedValues()
    {
        var options = new TrainingOptions { LearningRate = 1, FinalLearningRateFraction = 0.2, WarmupFraction = 0.4 };
        var schedule = new LearningRateSchedule(options, 10);
        double[] rates = [.. Enumerable.Range(0, 10).Select(schedule.At)];

        // Four steps up, then from the peak to a fifth in five equal parts of half a turn.
        double[] expected =
        [
            0.25, 0.5, 0.75, 1, 1,
            .. Enumerable.Range(1, 5).Select(i => 0.6 + (0.4 * Math.Cos(Math.PI * i / 5))),
        ];
        Assert.All(expected.Zip(rates), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Theory]
    [InlineData(ScheduleShape.Constant, new[] { 1.0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(ScheduleShape.Wsd, new[] { 1.0, 1, 1, 1, 1, 1, 1, 1, 1, 0.55, 0.1 })]
    public void At_OtherShapes_StayAndFallAtTheEnd(ScheduleShape shape, double[] expected)
    {
        var schedule = new LearningRateSchedule(peak: 1, finalShare: 0.1, steps: 11, shape: shape);
        double[] rates = [.. Enumerable.Range(0, 11).Select(schedule.At)];
        Assert.All(expected.Zip(rates), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
    }

    [Fact]
    public void At_OneStepWithoutWarmup_IsThePeak()
    {
        var schedule = new LearningRateSchedule(new() { LearningRate = 0.5, WarmupFraction = 0 }, 1);
        Assert.Equal(0.5, schedule.At(0));
    }
}
