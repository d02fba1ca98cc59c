using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests.Output;

public sealed class ProgressTextTests
{
    private static readonly TimeSpan Elapsed = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(200, "offers  ██████████████████████░░░░░░░░   75 %  0:10 left  1.5 GB")]
    [InlineData(60, "offers  ███████████████████░░░░░░░   75 %  0:10 left  1.5 GB")]
    [InlineData(40, "offers  ████░░   75 %  0:10 left  1.5 GB")]
    [InlineData(39, "offers   75 %  0:10 left  1.5 GB")]
    [InlineData(30, "offers   75 %  0:10 left")]
    [InlineData(20, "of   75 %  0:10 left")]
    [InlineData(10, " 75 %  0:1")]
    public void Fit_LeavesOutWhatMattersLess(int columns, string expected)
    {
        string line = ProgressText.Fit("offers", 0.75, Elapsed, "1.5 GB", columns, hasBlocks: true);

        Assert.Equal(expected, line);
        Assert.True(line.Length <= columns, line);
    }

    [Fact]
    public void Fit_WithoutAShare_ShowsTheElapsedTime() => Assert.Equal(
        "load  0:30  1.5 GB", ProgressText.Fit("load", null, Elapsed, "1.5 GB", 60, hasBlocks: true));

    [Fact]
    public void Fit_WithoutBlocks_DrawsTheBarInAscii() => Assert.Contains(
        "  ##########..........  ", ProgressText.Fit("x", 0.5, Elapsed, "1 B", 46, hasBlocks: false));

    [Theory]
    [InlineData(0)]
    [InlineData(1e-12)]
    [InlineData(2)]
    public void Fit_StrangeShares_StayWithinTheLine(double share) =>
        Assert.InRange(ProgressText.Fit("x", share, Elapsed, "1 B", 60, hasBlocks: true).Length, 1, 60);
}
