using Hypercompress.Configuration;
using Hypercompress.Models.Errors;

namespace Hypercompress.Tests.Configuration;

public sealed class ConfigOverridesTests
{
    private static readonly PipelineConfigReader Reader = new([]);

    [Fact]
    public void Parse_Assignments_StandAboveTheFile()
    {
        ConfigOverrides overrides = ConfigOverrides.Parse(
            ["targets.compression_ratio=4", "targets.compression_ratio=5", "data.validation=[a.txt, 'b, c.txt']",
             "runtime.threads="]);
        PipelineConfig config =
            Reader.Parse(
                "targets:\n  compression_ratio: 2\n  bytes: 3MB\nruntime: { threads: 2 }", "x.yaml", overrides);

        Assert.Equal(5, config.Targets.CompressionRatio);
        Assert.Equal(3_000_000, config.Targets.Bytes?.Bytes);
        Assert.Equal(["a.txt", "b, c.txt"], config.Data.Validation);
        Assert.Null(config.Runtime.Threads);
    }

    [Fact]
    public void WithTexts_AwkwardNames_AreTakenAsTheyAre()
    {
        ConfigOverrides overrides =
            ConfigOverrides.None.WithTexts("data.calibration", ["a: b #.txt", "*", "null"], "--calibration");
        Assert.Equal(["a: b #.txt", "*", "null"], Reader.Parse(string.Empty, "x", overrides).Data.Calibration);
    }

    [Theory]
    [InlineData("targets.compression_ratio", "expected a dotted path, '='")]
    [InlineData("=4", "expected a dotted path, '='")]
    [InlineData("targets..bytes=4", "is not a dotted path")]
    [InlineData("targets={bytes: 4}", "the value is a section")]
    [InlineData("targets.bytes=[4", "--set targets.bytes=[4: this is not valid YAML")]
    [InlineData("targets.compresion_ratio=4", "compresion_ratio is an unknown key; did you mean 'compression_ratio'")]
    [InlineData(
        "targets.compression_ratio=fast", "--set targets.compression_ratio=fast: targets.compression_ratio must be")]
    [InlineData("mode.part=1", "'mode' is 'hybrid' at x.yaml:1")]
    public void Parse_Wrong_NamesTheOption(string assignment, string expected)
    {
        ConfigurationException fault = Assert.Throws<ConfigurationException>(
            () => Reader.Parse("mode: hybrid", "x.yaml", ConfigOverrides.Parse([assignment])));
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.Contains("--set", fault.Message, StringComparison.Ordinal);
    }
}
