using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests.Output;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(0, "0:00")]
    [InlineData(7.4, "0:07")]
    [InlineData(59.6, "1:00")]
    [InlineData(3599.4, "59:59")]
    [InlineData(3599.6, "1:00:00")]
    [InlineData(360_000, "100:00:00")]
    public void Duration_HasHoursOnlyWhereThereAreSome(double seconds, string expected) =>
        Assert.Equal(expected, Units.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(67_251_200, "67.3 MB")]
    [InlineData(1_260_000_000, "1.3 GB")]
    public void Bytes_AreWrittenInTheLargestUnitBelowThem(long bytes, string expected) =>
        Assert.Equal(expected, Units.Bytes(bytes));
}
