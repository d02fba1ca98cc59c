using Hypercompress.Cli.Output;
using Hypercompress.Planning.Offers;
using Hypercompress.Settings;

namespace Hypercompress.Cli.Tests.Output;

public sealed class ResultTextTests
{
    [Theory]
    [InlineData(1, "cache unchanged")]
    [InlineData(1.004, "cache unchanged")]
    [InlineData(0.997, "cache unchanged")]
    [InlineData(1.26, "cache 1.26x smaller")]
    [InlineData(0.5, "cache 2.00x larger")]
    public void Change_SaysHowMuchAndInWhichDirection(double ratio, string expected) =>
        Assert.Equal(expected, ResultText.Change("cache", ratio, "smaller", "larger"));

    [Theory]
    [InlineData(4.0004, "4.000x")]
    [InlineData(4.0306, "4.031x (asked 4.000x)")]
    public void Ratio_NamesTheAskedOne_WhereItDiffers(double reached, string expected) =>
        Assert.Equal(expected, ResultText.Ratio(reached, 4));

    [Fact]
    public void Predicted_IsOfTheStudentAsItIs_WithItsBand()
    {
        var before = new PerplexityForecast(28.654, 25.09, 34.95);
        var after = new PerplexityForecast(25.68, 24.5, 28);

        Assert.Equal(" (predicted 28.65, 25.09 to 34.95)", ResultText.Predicted(before, null, trained: false));
        Assert.Equal(" (predicted 25.68, 24.50 to 28.00)", ResultText.Predicted(before, after, trained: true));
        Assert.Equal(
            " (predicted 28.65, 25.09 to 34.95 before training)", ResultText.Predicted(before, null, trained: true));
        Assert.Equal(
            " (predicted 1.65)", ResultText.Predicted(new PerplexityForecast(1.65, 1.65, 1.65), null, trained: false));
        Assert.Empty(ResultText.Predicted(null, null, trained: false));
    }

    [Fact]
    public void Ratio_NamesTheBytesThatWereAskedFor() =>
        Assert.Equal("4.031x (asked 40MB)", ResultText.Ratio(4.0306, 4, new ByteSize(40_000_000)));

    [Theory]
    [InlineData("one two three", 13, "one two three")]
    [InlineData("one two three", 12, "one two …")]
    [InlineData("onetwothree", 8, "onetwo …")]
    public void Shortened_FitsTheLine_AndEndsBetweenWords(string text, int width, string expected) =>
        Assert.Equal(expected, ResultText.Shortened(text, width));

    [Theory]
    [InlineData("story-4x", "story-4x")]
    [InlineData("/models/a_b.c", "/models/a_b.c")]
    [InlineData("my model", "'my model'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("$HOME;ls", "'$HOME;ls'")]
    public void Quoted_CanBePastedIntoAShell(string path, string expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the shell of this system quotes in another way");
        Assert.Equal(expected, ResultText.Quoted(path));
    }
}
