using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests.Output;

public sealed class UnitsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(67_251_200, "67.3 MB")]
    [InlineData(1_260_000_000, "1.3 GB")]
    public void Bytes_AreWrittenInTheLargestUnitBelowThem(long bytes, string expected) =>
        Assert.Equal(expected, Units.Bytes(bytes));
}
