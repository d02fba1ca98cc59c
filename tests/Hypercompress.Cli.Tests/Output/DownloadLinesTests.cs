using Hypercompress.Cli.Output;

namespace Hypercompress.Cli.Tests.Output;

public sealed class DownloadLinesTests
{
    [Fact]
    public void Report_WritesALinePerFileAndPerTenthOfALargeOne()
    {
        using var messages = new StringWriter { NewLine = "\n" };
        var lines = new DownloadLines(messages);

        lines.Report(new("config.json", 0, 800, 0, 200_000_800));
        lines.Report(new("config.json", 800, 800, 800, 200_000_800));
        lines.Report(new("model.safetensors", 0, 200_000_000, 800, 200_000_800));
        lines.Report(new("model.safetensors", 10_000_000, 200_000_000, 10_000_800, 200_000_800));
        lines.Report(new("model.safetensors", 100_000_000, 200_000_000, 100_000_800, 200_000_800));

        Assert.Equal(
            "downloading config.json (800 B)\ndownloading model.safetensors (200.0 MB)\n"
            + "downloading model.safetensors: 50 %, 50 % of all files\n",
            messages.ToString());
    }
}
