using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests.Commands;

/// <summary><c>plan</c> without any text looks at headers alone.</summary>
public sealed class HeaderPlanTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void Plan_WithoutText_SaysBytesBoundsAndMemory()
    {
        CliResult run = Workspace.Run("plan", workspace.Model, "--ratio", "4").Expect(ExitCode.Done);

        string[] lines = run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["ratio", "limits", "compress", "note"], lines.Select(line => line.Split(' ')[0]));
        Assert.StartsWith("ratio        4.000x: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("reads only the headers", lines[3], StringComparison.Ordinal);
        Assert.Empty(run.Messages);
    }

    [Fact]
    public void Plan_WithoutText_AgreesWithThePlanFromText()
    {
        JsonObject headers = Workspace.Run("plan", workspace.Model, "--ratio", "4", "--json").Json;
        JsonObject plan = Workspace.Run(
            [
                .. workspace.Arguments("plan", workspace.Model), "--ratio", "4", "--statistics", workspace.Statistics,
                "--json",
            ]).Json;

        Assert.Equal((long)plan["teacher_bytes"]!, (long)headers["teacher_bytes"]!);
        Assert.Equal(4, (double)headers["asked_ratio"]!);
        Assert.InRange((long)plan["bytes"]!, (long)headers["least_bytes"]! + 1, (long)headers["bytes"]!);
        Assert.InRange((long)headers["bytes"]!, 1, (long)headers["most_bytes"]!);
        Assert.Equal((long)plan["estimate"]!["ram_bytes"]!, (double)headers["estimate"]!["ram_bytes"]!, 100_000.0);
        Assert.Null(headers["predicted_perplexity"]);
        Assert.Null(headers["estimate"]!["seconds"]);
    }

    [Theory]
    [InlineData("10")]
    [InlineData("500GB")]
    public void Plan_WithoutText_RefusesWhatCannotBe(string bytes) =>
        Workspace.Run("plan", workspace.Model, "--bytes", bytes).Expect(ExitCode.Target, "bytes are asked for", "nearest size");

    // Also where the settings are fixed and the size follows from them.
    [Theory]
    [InlineData("plan", "auto")]
    [InlineData("compress", "auto")]
    [InlineData("compress", "manual")]
    public void PatternOfNoMatrix_IsRefusedFromTheHeaders(string command, string mode) => Workspace
        .Run(
            command, workspace.Model, "--set", "planner.exclude=[\"*.other_proj\"]", "--set", $"planner.mode={mode}")
        .Expect(ExitCode.Usage, "planner.exclude: the pattern '*.other_proj' matches no site");
}
