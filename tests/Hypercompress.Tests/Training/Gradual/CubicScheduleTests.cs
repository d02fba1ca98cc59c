using Hypercompress.Training.Gradual;

namespace Hypercompress.Tests.Training.Gradual;

public sealed class CubicScheduleTests
{
    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(10, 0.421875)]
    [InlineData(20, 0.125)]
    [InlineData(30, 0.015625)]
    [InlineData(40, 0.0)]
    [InlineData(1000, 0.0)]
    public void ShareAfter_FallsAsACubic(int done, double share) =>
        Assert.Equal(share, new CubicSchedule(40).ShareAfter(done));

    [Fact]
    public void IsOpen_UntilTheLastStepOfTheCourse()
    {
        var course = new CubicSchedule(3);
        Assert.Equal([true, true, true, false, false], Enumerable.Range(0, 5).Select(course.IsOpen));
        Assert.False(new CubicSchedule(0).IsOpen(0));
    }

    [Theory]
    [InlineData(7, 7)]
    [InlineData(1000, 100)]
    [InlineData(1050, 105)]
    [InlineData(0, 0)]
    public void IsDue_AHundredTimesAtMost_AndAtTheEnd(int steps, int times)
    {
        var course = new CubicSchedule(steps);
        int[] due = [.. Enumerable.Range(1, 2000).Where(course.IsDue)];
        Assert.Equal(times, due.Length);
        Assert.Equal(steps == 0 ? [] : [steps], due.TakeLast(1));
    }
}
