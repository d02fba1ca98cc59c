using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;

namespace Hypercompress.Tests.Configuration;

public sealed class EffortTests
{
    private static readonly PipelineConfigReader Reader = new(BranchRegistry.BuiltIn);

    [Fact]
    public void Light_TakesLessTextAndDoesNotTrain()
    {
        PipelineConfig light = Reader.Parse("effort: light", "a.yaml");
        Assert.True(light.Data.CalibrationTokens < Reader.Defaults.Data.CalibrationTokens);
        Assert.Equal("off", light.Planner.Probes);
        Assert.False(light.Sequential.Enabled);
        Assert.False(light.Distillation.Enabled);
    }

    [Fact]
    public void Light_KeysThatAreWritten_Win()
    {
        const string Yaml = """
            effort: light
            planner:
              probes: model
            """;
        ConfigOverrides overrides = ConfigOverrides.Parse(["data.calibration_tokens=999"]);
        PipelineConfig light = Reader.Parse(Yaml, "a.yaml", overrides);
        Assert.Equal("model", light.Planner.Probes);
        Assert.Equal(999, light.Data.CalibrationTokens);
        Assert.False(light.Sequential.Enabled);
    }

    [Fact]
    public void OnTheCommandLine_WinsOverKeysOfTheFile()
    {
        string everyKey = PipelineConfigWriter.Write(Reader.Defaults);
        ConfigOverrides overrides = ConfigOverrides.Parse(["effort=light", "data.calibration_tokens=999"]);

        PipelineConfig light = Reader.Parse(everyKey, "a.yaml", overrides);

        Assert.Equal("off", light.Planner.Probes);
        Assert.Equal(999, light.Data.CalibrationTokens);
    }

    [Fact]
    public void KeysOfEffort_AreThoseThatItSets()
    {
        string[] settings =
            [.. PipelineConfigReader.KeysOfEffort("best").Select(pair => $"{pair.Key}={pair.Value}")];
        Assert.Equal(
            PipelineConfigWriter.Write(Reader.Parse("effort: best", "a.yaml")),
            PipelineConfigWriter.Write(Reader.Parse(string.Empty, "a.yaml", ConfigOverrides.Parse(settings))));
        Assert.Empty(PipelineConfigReader.KeysOfEffort("normal"));
        Assert.Throws<ConfigurationException>(() => PipelineConfigReader.KeysOfEffort("heavy"));
    }

    [Fact]
    public void Normal_ChangesNothing() => Assert.Equal(
        PipelineConfigWriter.Write(Reader.Defaults),
        PipelineConfigWriter.Write(Reader.Parse("effort: normal", "a.yaml")));

    [Fact]
    public void Best_TakesMoreText() => Assert.True(
        Reader.Parse("effort: best", "a.yaml").Data.CalibrationTokens > Reader.Defaults.Data.CalibrationTokens);

    [Fact]
    public void Misspelled_IsSuggested()
    {
        var fault = Assert.Throws<ConfigurationException>(() => Reader.Parse("efort: light", "a.yaml"));
        Assert.Contains("did you mean 'effort'?", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("effort: heavy")]
    [InlineData("effort: [light]")]
    public void Unknown_IsRefusedWithTheNames(string yaml)
    {
        var fault = Assert.Throws<ConfigurationException>(() => Reader.Parse(yaml, "a.yaml"));
        Assert.Contains("light, normal or best", fault.Message, StringComparison.Ordinal);
        Assert.Contains("a.yaml:1", fault.Message, StringComparison.Ordinal);
    }
}
