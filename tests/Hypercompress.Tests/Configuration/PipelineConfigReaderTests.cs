using Hypercompress.Branches.Registry;
using Hypercompress.Configuration;
using Hypercompress.Models.Errors;

namespace Hypercompress.Tests.Configuration;

public sealed class PipelineConfigReaderTests
{
    private static readonly PipelineConfigReader Reader =
        new([BranchRegistration.For<SampleBranchOptions>("sample", (_, _) => throw new NotSupportedException())]);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing but a comment\n")]
    [InlineData("targets:\nbranches:\n  sample:\n")]
    [InlineData("branches: ~\n")]
    public void Parse_NothingWritten_GivesDefaults(string yaml) =>
        Assert.Equal(
            PipelineConfigWriter.Write(Reader.Defaults), PipelineConfigWriter.Write(Reader.Parse(yaml, "x.yaml")));

    [Fact]
    public void Parse_EveryKindOfValue_IsBound()
    {
        PipelineConfig config = Reader.Parse(
            """
            mode: sample
            targets: { compression_ratio: 10, bytes: 40MB }
            planner:
              include: ["model.layers.*", head]
            runtime:
              max_ram: 1.5GiB
              threads: 2
            branches:
              sample:
                enabled: false
                rank: 8
                share: 2.5e-1
                bits: [3]
                method: magnitude
                note: "5: five"
                kind: second_kind
                inner: { low: 5, high: 7 }
                weights: [1, 0.5]
                steps: 5000000000
            """,
            "x.yaml");

        Assert.Equal("sample", config.Mode);
        Assert.Equal(10, config.Targets.CompressionRatio);
        Assert.Equal(40_000_000, config.Targets.Bytes?.Bytes);
        Assert.Equal(["model.layers.*", "head"], config.Planner.Include);
        Assert.Equal(1_610_612_736, config.Runtime.MaxRam?.Bytes);
        Assert.Equal(2, config.Runtime.Threads);
        var sample = Assert.IsType<SampleBranchOptions>(config.Branches["sample"]);
        Assert.False(sample.Enabled);
        Assert.Equal(8, sample.Rank);
        Assert.Equal(0.25, sample.Share);
        Assert.Equal([3], sample.Bits);
        Assert.Equal("magnitude", sample.Method);
        Assert.Equal("5: five", sample.Note);
        Assert.Equal(SampleKind.SecondKind, sample.Kind);
        Assert.Equal(new SampleNested { Low = 5, High = 7 }, sample.Inner);
        Assert.Equal([1.0, 0.5], sample.Weights);
        Assert.Equal(5_000_000_000, sample.Steps);
    }

    [Theory]
    [InlineData(
        "targets:\n  compresion_ratio: 4", "x.yaml:2: targets.compresion_ratio", "did you mean 'compression_ratio'?")]
    [InlineData("target:\n  bytes: 4", "x.yaml:1: target ", "did you mean 'targets'?")]
    [InlineData("compression_ratio: 4", "x.yaml:1: compression_ratio", "did you mean 'targets.compression_ratio'?")]
    [InlineData("branches:\n  smaple:\n    rank: 1", "x.yaml:2: branches.smaple", "did you mean 'sample'?")]
    [InlineData("branches:\n  sample:\n    inner:\n      hihg: 1", "x.yaml:4: branches.sample.inner.hihg", "'high'")]
    [InlineData("mode: hybird", "x.yaml:1: mode", "did you mean 'hybrid'?")]
    [InlineData("merge:\n  strategy: jont", "x.yaml:2: merge.strategy", "did you mean 'joint'?")]
    public void Parse_UnknownWord_NamesLineAndSuggestion(string yaml, string place, string advice)
    {
        string message = Fault(yaml);
        Assert.StartsWith(place, message, StringComparison.Ordinal);
        Assert.Contains(advice, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("targets: { compression_ratio: fast }", "must be a number, found 'fast'")]
    [InlineData("targets: { compression_ratio: '4' }", "must be a number, found the text \"4\"")]
    [InlineData("targets: { compression_ratio: .nan }", "must be a number")]
    [InlineData("targets: { compression_ratio: 0.5 }", "must be at least 1 and at most 1000000, found 0.5")]
    [InlineData("targets: { compression_ratio: }", "must be a number, found nothing")]
    [InlineData("targets: { compression_ratio: [4] }", "must be a single value, found a list")]
    [InlineData("targets: { max_rank_fraction: 0 }", "must be more than 0 and at most 1, found 0")]
    [InlineData("targets: { bytes: 0 }", "must be more than 0 bytes")]
    [InlineData("targets: { bytes: many }", "must be a size such as 40MB")]
    [InlineData("targets: 4", "must be a section with keys of its own, found '4'")]
    [InlineData("data: { calibration: a.txt }", "must be a list such as [a, b], found 'a.txt'")]
    [InlineData("calibration: { damping: 1.5 }", "must be at least 0 and at most 1")]
    [InlineData("calibration: { head_tokens: 0 }", "must be at least 1")]
    [InlineData("calibration: { fisher_window: 8 }", "must be at least 16")]
    [InlineData("data: { sequence_length: 512.0 }", "must be a whole number, found '512.0'")]
    [InlineData("branches: { sample: { enabled: yes } }", "must be true or false, found 'yes'")]
    [InlineData("branches: { sample: { rank: 0 } }", "must be at least 1")]
    [InlineData("branches: { sample: { rank: 99999999999 } }", "must be a whole number")]
    [InlineData(
        "branches: { sample: { bits: [4, 9] } }", "branches.sample.bits[1] must be at least 2 and at most 8, found 9")]
    [InlineData("branches: { sample: { bits: [] } }", "branches.sample.bits")]
    [InlineData("branches: { sample: { kind: third } }", "must be one of first_kind, second_kind, found 'third'")]
    [InlineData(
        "branches: { sample: { inner: { low: 3 } } }", "branches.sample.inner.low must not exceed high, which is 2")]
    [InlineData("evaluation: { window: 64, stride: 65 }", "evaluation.stride must not be more than the window")]
    [InlineData("storage: { export: [torch_checkpiont] }", "storage.export[0] must be one of torch_checkpoint")]
    [InlineData("runtime: { max_ram: 1KB }", "runtime.max_ram must be at least 64MB and at most 1000TB")]
    public void Parse_WrongValue_SaysWhatItMayBe(string yaml, string expected)
    {
        string message = Fault(yaml);
        Assert.Contains("x.yaml:1: ", message, StringComparison.Ordinal);
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralFaults_AreToldAtOnceWithTheirLines()
    {
        string message = Fault(
            """
            mode: nothing
            targets:
              compression_ratio: 0
              colour: red
            branches:
              sample:
                method: best
            """);

        Assert.Contains("has 4 problems", message, StringComparison.Ordinal);
        int[] positions =
            [.. new[] { "x.yaml:1: mode", "x.yaml:3: targets.compression_ratio", "x.yaml:4: targets.colour",
            "x.yaml:7: branches.sample.method" }.Select(part => message.IndexOf(part, StringComparison.Ordinal))];
        Assert.DoesNotContain(-1, positions);
        Assert.Equal(positions.Order(), positions);
    }

    [Theory]
    [InlineData("mode: hybrid\nmode: lra", "x.yaml:2: the key 'mode' was already given in line 1")]
    [InlineData("targets:\n\tbytes: 4", "x.yaml:2: the line is indented by a tab")]
    [InlineData("targets:\n  bytes: [4", "x.yaml:")]
    [InlineData("targets: &a\n  bytes: 4\nplanner: *a", "anchors and tags are not supported")]
    [InlineData("mode: !!str hybrid", "x.yaml:1: anchors and tags are not supported")]
    [InlineData("mode: *a", "x.yaml:1: aliases are not supported")]
    [InlineData("mode: hybrid\n---\nmode: hybrid", "a second document begins here")]
    [InlineData("- mode", "x.yaml:1: expected sections such as 'targets:', found a list")]
    [InlineData("? [a]\n: 1", "x.yaml:1: a key must be a word, found a list")]
    public void Parse_BrokenYaml_NamesTheLine(string yaml, string expected) =>
        Assert.Contains(expected, Fault(yaml), StringComparison.Ordinal);

    [Fact]
    public void Parse_NestedTooDeep_IsRefused() =>
        Assert.Contains("nested deeper", Fault("mode: " + new string('[', 5000)), StringComparison.Ordinal);

    [Fact]
    public void Read_MissingFile_NamesIt()
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "none.yaml");
        ConfigurationException fault = Assert.Throws<ConfigurationException>(() => Reader.Read(file));
        Assert.StartsWith(file, fault.Message, StringComparison.Ordinal);
        Assert.Equal(2, fault.ExitCode);
    }

    [Theory]
    [InlineData("hybrid", true)]
    [InlineData("sample", true)]
    public void Uses_Mode_SelectsBranches(string mode, bool used)
    {
        PipelineConfig config = Reader.Parse($"mode: {mode}", "x.yaml");
        Assert.Equal(used, config.Uses("sample"));
        Assert.False(config.Uses("other"));
    }

    [Fact]
    public void Uses_DisabledBranch_WorksOnlyWhenTheModeNamesIt()
    {
        const string Off = "branches: { sample: { enabled: false } }\n";
        Assert.False(Reader.Parse(Off, "x.yaml").Uses("sample"));
        Assert.True(Reader.Parse($"{Off}mode: sample", "x.yaml").Uses("sample"));
    }

    private static string Fault(string yaml) =>
        Assert.Throws<ConfigurationException>(() => Reader.Parse(yaml, "x.yaml")).Message;

    [Fact]
    public void Parse_EndlessKey_IsShortenedInTheMessage()
    {
        string key = new('m', 1_000_000);

        var exception = Assert.Throws<ConfigurationException>(() => Reader.Parse($"targets: {{ ? {key} : 1 }}", "x"));

        Assert.Contains("targets.mmm", exception.Message);
        Assert.Contains("is an unknown key; known here:", exception.Message);
        Assert.InRange(exception.Message.Length, 1, 3000);
    }
}
