using System.Globalization;
using Hypercompress.Settings;

namespace Hypercompress.Tests.Settings;

public sealed class ScalarReaderTests
{
    [Theory]
    [InlineData("2.5", 2.5)]
    [InlineData("-1e-3", -1e-3)]
    [InlineData("+4", 4.0)]
    [InlineData("2,5", null)]
    [InlineData("1,000", null)]
    [InlineData("1 000", null)]
    [InlineData("1_000", null)]
    [InlineData("1e999", null)]
    [InlineData("Infinity", null)]
    [InlineData(".inf", null)]
    [InlineData("NaN", null)]
    [InlineData(".nan", null)]
    [InlineData("0x10", null)]
    [InlineData("", null)]
    public void Read_ARealNumber_HasNoSeparatorsAndIsFinite(string text, double? expected) =>
        Assert.Equal(expected, Read<double>(text));

    [Theory]
    [InlineData("65536", 65536)]
    [InlineData("-1", -1)]
    [InlineData("4.0", null)]
    [InlineData("65,536", null)]
    [InlineData("65.536", null)]
    [InlineData("2147483648", null)]
    public void Read_AWholeNumber_HasNoSeparatorsAndNoFraction(string text, int? expected) =>
        Assert.Equal(expected, Read<int>(text));

    [Theory]
    [InlineData("de-DE")]
    [InlineData("fr-FR")]
    [InlineData("ar-SA")]
    public void Read_InAnyCulture_IsTheSame(string culture)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
        try
        {
            Assert.Equal(2.5, Read<double>("2.5"));
            Assert.Null(Read<double>("2,5"));
            Assert.Equal(new ByteSize(1_500_000), Read<ByteSize>("1.5MB"));
            Assert.Null(Read<ByteSize>("1,5MB"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("FALSE", false)]
    [InlineData("yes", null)]
    [InlineData("1", null)]
    public void Read_ATruthValue_IsSpelledOut(string text, bool? expected) => Assert.Equal(expected, Read<bool>(text));

    [Fact]
    public void Read_QuotedText_IsNotANumber()
    {
        Assert.Null(ScalarReader.Read(Scalar("4", isQuoted: true), typeof(int)));
        Assert.Equal("4", ScalarReader.Read(Scalar("4", isQuoted: true), typeof(string)));
    }

    private static T? Read<T>(string text)
        where T : struct => (T?)ScalarReader.Read(Scalar(text, isQuoted: false), typeof(T));

    private static SettingScalar Scalar(string text, bool isQuoted) =>
        new(new SettingOrigin("test", 0), text, isQuoted);
}
