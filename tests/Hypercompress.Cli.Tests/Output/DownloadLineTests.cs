using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests.Output;

public sealed class DownloadLineTests
{
    [Fact]
    public void Report_HasOneLiveLine_WithTheRateOfThisDownload()
    {
        using var screen = new ScreenText(60);
        var clock = new ManualClock();
        var line = new DownloadLine(new LiveLine(screen, () => 60), clock);

        line.Report(new("config.json", 800, 800, 800, 200_000_800));
        line.Report(new("model.safetensors", 100_000_000, 200_000_000, 100_000_800, 200_000_800));
        clock.Move(10);
        line.Report(new("model.safetensors", 150_000_000, 200_000_000, 150_000_800, 200_000_800));

        Assert.Equal(2, screen.Lines.Count);
        Assert.Equal("downloaded config.json (800 B)", screen.Lines[0]);
        Assert.StartsWith("model.safetensors  ", screen.Lines[1], StringComparison.Ordinal);
        Assert.EndsWith(" 75 %  0:10 left  5.0 MB/s", screen.Lines[1], StringComparison.Ordinal);
        line.Report(new("model.safetensors", 200_000_000, 200_000_000, 200_000_800, 200_000_800));
        Assert.Equal("downloaded model.safetensors (200.0 MB)", screen.Lines[1]);
    }
}
