using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests.Output;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(0, "0 threads")]
    [InlineData(1, "1 thread")]
    [InlineData(12, "12 threads")]
    public void Count_IsSingularForOne(long count, string expected) =>
        Assert.Equal(expected, Units.Count(count, "thread"));

    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(7.4, "0:07")]
    [InlineData(59.6, "1:00")]
    [InlineData(3599.4, "59:59")]
    [InlineData(3599.6, "1:00:00")]
    [InlineData(360_000, "100:00:00")]
    public void Duration_HasHoursOnlyWhereThereAreSome(double seconds, string expected) =>
        Assert.Equal(expected, Units.Duration(TimeSpan.FromSeconds(seconds)));
}
