namespace Hypercompress.Cli.Tests.Commands;

/// <summary>Targets that contradict each other or cannot be reached are refused before any work.</summary>
public sealed class TargetTests(Workspace workspace) : IClassFixture<Workspace>
{
    private const string FirstPhase = "load …";

    [Theory]
    [InlineData("--ratio", "4", "--bytes", "20KB")]
    [InlineData("--plan", "plan.json", "--ratio", "4")]
    [InlineData("--plan", "plan.json", "--bytes", "20KB")]
    [InlineData("--ratio", "4", "--set", "targets.bytes=20KB")]
    [InlineData("--bytes", "20KB", "--set", "targets.compression_ratio=3")]
    [InlineData("--plan", "plan.json", "--set", "targets.compression_ratio=9")]
    public void TwoTargets_AreAUsageError(string first, string one, string second, string other) =>
        Refused([first, one, second, other]).Expect(ExitCode.Usage, first, second);

    [Theory]
    [InlineData("2,5")]
    [InlineData("1,000")]
    [InlineData("1e999")]
    [InlineData("Infinity")]
    [InlineData(".inf")]
    [InlineData("")]
    public void ANumberThatIsNotOne_IsAUsageError(string ratio)
    {
        Refused(["--ratio", ratio]).Expect(ExitCode.Usage, "--ratio", "a number");
        Refused(["--set", $"targets.compression_ratio={ratio}"])
            .Expect(ExitCode.Usage, "targets.compression_ratio must be a number");
    }

    [Theory]
    [InlineData("10", "no plan is that small")]
    [InlineData("500GB", "even without any compression the weights take less")]
    public void BytesOutOfBounds_AreRefusedFromHeaders(string bytes, string reason)
    {
        Refused(["--bytes", bytes]).Expect(ExitCode.Target, reason);
        Refused(["--bytes", bytes], "plan").Expect(ExitCode.Target, reason);
    }

    // From headers, too: what the runtime holds at least, and the branches that take part.
    [Theory]
    [InlineData("--for", "gguf", "30")]
    [InlineData("--for", "onnx", "30")]
    [InlineData("--for", "vllm", "8")]
    [InlineData("--set", "mode=kv", "8")]
    public void ARatioThatTheRuntimeOrBranchesCannotReach_IsRefusedFromHeaders(string option, string value, string ratio)
    {
        Refused([option, value, "--ratio", ratio]).Expect(ExitCode.Target, "no plan is that small");
        Workspace.Run("plan", workspace.Model, option, value, "--ratio", ratio)
            .Expect(ExitCode.Target, "no plan is that small");
    }

    [Fact]
    public void ASetRatio_ReplacesTheBytesOfAConfiguration()
    {
        string file = workspace.Write("bytes.yaml", "targets: {bytes: 10}\n");

        Workspace.Run("plan", workspace.Model, "--config", file, "--set", "targets.compression_ratio=4")
            .Expect(ExitCode.Done);
    }

    [Theory]
    [InlineData("not a plan", "plan.json: ")]
    [InlineData("{\"version\": 1}", "asked_ratio")]
    [InlineData(
        """{"version": 1, "asked_ratio": 4, "teacher_bytes": 9, "fixed_bytes": 1, "structural": false, "notes": [], "sites": []}""",
        "for another model")]
    public void APlanThatIsBrokenOrForeign_IsRefusedFromHeaders(string content, string problem)
    {
        string plan = workspace.Write("plan.json", content);

        Refused(["--plan", plan]).Expect(ExitCode.Input, plan, problem);
        Refused(["--plan", plan], "plan").Expect(ExitCode.Input, plan, problem);
    }

    [Fact]
    public void ARatio_ReplacesTheBytesOfAConfiguration()
    {
        string file = workspace.Write("bytes.yaml", "targets: {bytes: 10}\n");

        Workspace.Run(
            [.. workspace.Arguments("plan", workspace.Model), "--config", file, "--ratio", "4", "--statistics",
                workspace.Statistics])
            .Expect(ExitCode.Done);
    }

    private CliResult Refused(string[] target, string verb = "compress")
    {
        CliResult result = Workspace.Run([.. workspace.Arguments(verb, workspace.Model), .. target]);
        Assert.DoesNotContain(FirstPhase, result.Messages, StringComparison.Ordinal);
        return result;
    }
}
