using Hypercompress.Reporting.Wording;

namespace Hypercompress.Tests.Reporting.Wording;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(19.7712, 0.213, "19.77 ± 0.21")]
    [InlineData(0.005056, 0.000224, "0.00506 ± 0.00022")]
    [InlineData(0.00066, 0.00022, "0.00066 ± 0.00022")]
    [InlineData(20.0, 0.2, "20.00 ± 0.20")]
    [InlineData(1234.4, 25.0, "1234 ± 25")]
    [InlineData(1234.4, 250.0, "1234 ± 250")]
    [InlineData(7.0, 0.0, "7.0000 ± 0")]
    public void Uncertain_HasAsManyDigitsAsTheErrorTellsOf(double value, double error, string text) =>
        Assert.Equal(text, Figures.Uncertain(value, error));

    [Theory]
    [InlineData(950.0, "950 B")]
    [InlineData(437_056.0, "437.1 kB")]
    [InlineData(67_256_256.0, "67.3 MB")]
    [InlineData(1.5e9, "1.5 GB")]
    public void Bytes_UseTheLargestUnit(double bytes, string text) => Assert.Equal(text, Figures.Bytes(bytes));

    [Theory]
    [InlineData(0.42, "0.4 s")]
    [InlineData(119.0, "119.0 s")]
    [InlineData(600.0, "10.0 min")]
    [InlineData(7200.0, "2.0 h")]
    public void Duration_UsesTheLargestUnit(double seconds, string text) => Assert.Equal(text, Figures.Duration(seconds));

    [Theory]
    [InlineData("/home/me/a.txt", "a.txt")]
    [InlineData("C:\\texts\\a.txt", "a.txt")]
    [InlineData("held back from /home/me/a.txt", "held back from a.txt")]
    [InlineData("held back from a.txt", "held back from a.txt")]
    public void FileName_ShowsNoFolder(string file, string name) => Assert.Equal(name, Figures.FileName(file));

    [Fact]
    public void Missing_IsADash() => Assert.All(
        [Figures.Short(null), Figures.Bytes(null), Figures.Ratio(null), Figures.Percent(null), Figures.Uncertain(null, 1)],
        text => Assert.Equal("–", text));
}
