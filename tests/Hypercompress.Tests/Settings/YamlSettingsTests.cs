using Hypercompress.Models.Errors;
using Hypercompress.Settings;

namespace Hypercompress.Tests.Settings;

public sealed class YamlSettingsTests : IDisposable
{
    private const string Example =
        """
        # A comment.
        mode: hybrid
        targets:
          compression_ratio: 8
        branches:
          blt: { enabled: true }
          quantization: { enabled: true, bits: [8, 6, 5, 4, 3], group_size: 32 }
        data:
          calibration:
          - a.txt
          - "b c.txt"
        note: |
          several
          lines
        """;

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadFile_RemembersTheLineOfEveryKey()
    {
        SettingMapping settings = YamlSettings.ReadFile(Example, "x.yaml");

        Assert.Equal(new SettingOrigin("x.yaml", 4), settings.Find("targets.compression_ratio")!.Origin);
        var bits = Assert.IsType<SettingSequence>(settings.Find("branches.quantization.bits"));
        Assert.Equal(["8", "6", "5", "4", "3"], bits.Items.Select(item => Assert.IsType<SettingScalar>(item).Text));
    }

    [Fact]
    public void ReadFile_AListWithoutIndentation_IsAList()
    {
        var files = Assert.IsType<SettingSequence>(YamlSettings.ReadFile(Example, "x.yaml").Find("data.calibration"));

        Assert.Equal([("a.txt", false), ("b c.txt", true)], files.Items.Cast<SettingScalar>().Select(
            item => (item.Text, item.IsQuoted)));
    }

    [Theory]
    [InlineData("storage:\n  export: [torch_checkp\n  calibration_tokens: 262144\n")]
    [InlineData("a: [1, 2\nb: 3\n")]
    [InlineData("a: {b: 1\nc: 2\n")]
    [InlineData("a: \"open\nb: 2\n")]
    [InlineData("tasks: [cola, sst2, %YAML 9\nmrpc]\n")]
    [InlineData("a:\n- b\n c: d\n")]
    [InlineData("- a\nb: c\n")]
    [InlineData("a: b: c\n")]
    [InlineData("a:\n\tb: c\n")]
    public void ReadFile_MalformedText_IsAConfigurationErrorWithALine(string text)
    {
        var failure = Assert.Throws<ConfigurationException>(() => YamlSettings.ReadFile(text, "x.yaml"));

        Assert.Matches(@"^x\.yaml:\d+: ", failure.Message);
    }

    [Theory]
    [InlineData("cases/yaml-crash-31935-15103.yaml")]
    [InlineData("cases/task-yaml-crash-18817-1.yaml")]
    public void ReadFile_AnExampleOfAFuzzer_IsAConfigurationError(string name)
    {
        string file = SharedFiles.Require(name);

        var failure = Assert.Throws<ConfigurationException>(() => YamlSettings.ReadFile(File.ReadAllText(file), file));

        Assert.Matches(@":\d+: ", failure.Message);
    }

    [Fact]
    public void ReadFile_AnyMutation_IsSettingsOrAConfigurationError() => Mutation.AssertTyped(
        Example,
        _folder.Of("x.yaml"),
        path => YamlSettings.ReadFile(File.ReadAllText(path), path),
        typeof(ConfigurationException));

    [Fact]
    public void ReadValue_OfAnOption_HasNoLine()
    {
        Assert.Equal(new SettingOrigin("--set a=[1]", 0), YamlSettings.ReadValue("[1]", "--set a=[1]").Origin);
        Assert.True(YamlSettings.ReadValue("", "--set a=").IsNull);
    }
}
