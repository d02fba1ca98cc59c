using CsCheck;
using Hypercompress.Settings;

namespace Hypercompress.Tests.Settings;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("40MB", 40_000_000)]
    [InlineData("6GB", 6_000_000_000)]
    [InlineData("1.5GiB", 1_610_612_736)]
    [InlineData("12", 12)]
    [InlineData("3 kib", 3072)]
    [InlineData("0.5B", 0)]
    [InlineData("2TB", 2_000_000_000_000)]
    public void Parse_NumberAndUnit_GivesBytes(string text, long bytes) =>
        Assert.Equal(bytes, ByteSize.Parse(text).Bytes);

    [Theory]
    [InlineData("")]
    [InlineData("MB")]
    [InlineData("-5MB")]
    [InlineData("5 apples")]
    [InlineData("1.2.3GB")]
    [InlineData("1e3")]
    [InlineData("99999999999TB")]
    public void Parse_NoSize_Throws(string text)
    {
        FormatException fault = Assert.Throws<FormatException>(() => ByteSize.Parse(text));
        Assert.Contains("1.5GiB", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1000, "1KB")]
    [InlineData(1024, "1KiB")]
    [InlineData(1025, "1025")]
    [InlineData(5_000_000_000, "5GB")]
    public void ToString_Bytes_TakesTheLargestWholeUnit(long bytes, string text) =>
        Assert.Equal(text, new ByteSize(bytes).ToString());

    [Fact]
    public void Parse_WhatToStringWrote_GivesTheSameBytes() =>
        Gen.Long[0, long.MaxValue].Sample(bytes => ByteSize.Parse(new ByteSize(bytes).ToString()).Bytes == bytes);
}
