using Hypercompress.NumberFormats;
using Hypercompress.NumberFormats.EntropyCoding;

namespace Hypercompress.Tests.NumberFormats.EntropyCoding;

public sealed class EntropyFormatTests
{
    [Fact]
    public void StoredBytes_AreTablesScalesAndLevels()
    {
        // 320 bytes of tables, two for each of 40 rows and 30 columns, and 1200 values of 2.75 bits.
        Assert.Equal(320 + (2 * 70) + 413, new EntropyFormat(2750).StoredBytes(40, 30));

        // A single row has no scales.
        Assert.Equal(320 + 413, new EntropyFormat(2750).StoredBytes(1, 1200));
        Assert.Equal(0, new EntropyFormat(2750).StoredBytes(1, 0));
    }

    [Fact]
    public void ForSample_LeavesTheSampleTheBytesOfItsValues()
    {
        var format = new EntropyFormat(3000);

        ValueFormat alike = format.ForSample(100_000, 10_000);

        // The tables weigh ten times as much in the sample: 288 of its bytes are not its own.
        Assert.Equal("ec2.77", alike.Name);
        Assert.InRange(alike.StoredBytes(1, 10_000) - (format.StoredBytes(1, 100_000) / 10.0), -2, 2);
    }

    [Theory]
    [InlineData(49)]
    [InlineData(10_001)]
    public void Constructor_OutOfRange_Throws(int millibits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new EntropyFormat(millibits));
}
