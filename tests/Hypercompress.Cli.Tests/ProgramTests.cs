using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests;

/// <summary>The program as a process: what scripts get from it.</summary>
public sealed class ProgramTests(Workspace workspace) : IClassFixture<Workspace>
{
    // What is estimated is the program as it is delivered; its code takes a fifth more where it is not optimized.
#if DEBUG
    private const double MostShare = 1.3;
#else
    private const double MostShare = 1.15;
#endif

    [Fact]
    public async Task Run_AsAProcess_PrintsOneDocumentAndNothingElse()
    {
        CliResult run = await Start("logits", workspace.Model, "--ids", workspace.Write("ids.json", "[[1,2,3]]"),
            "--out", workspace.Of("logits.safetensors"), "--threads", "1", "--json");

        run.Expect(ExitCode.Done);
        Assert.Empty(run.Messages);
        Assert.Equal("[[3,300]]", run.Json["shapes"]!.ToJsonString());
    }

    [Fact]
    public async Task Run_ThatFails_SetsTheExitCodeAndKeepsTheOutputEmpty()
    {
        CliResult run = await Start("compress", workspace.Of("nowhere"), "--json");

        run.Expect(ExitCode.Input, "nowhere");
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Run_WithoutAModel_TakesTheOneThatShipsInside()
    {
        JsonObject document = Workspace.Run("inspect", "--json").Expect(ExitCode.Done).Json;
        JsonObject text = Workspace.Run(
            "generate", "--prompt", "Once upon a time", "--max-tokens", "4", "--threads", "1", "--json")
                .Expect(ExitCode.Done).Json;

        Assert.Equal("llama", (string?)document["architecture"]);
        Assert.Equal(4, text["token_ids"]!.AsArray().Count);
    }

    [Fact]
    public async Task Generate_TakesTheMemoryThatTheReportEstimates()
    {
        string artifact = workspace.Of("built-in-4x");
        string[] little =
        [
            "data.calibration_tokens=2048", "data.fisher_tokens=256", "data.sequence_length=128",
            "evaluation.max_tokens=256", "evaluation.window=128", "planner.probes=off", "sequential.enabled=false",
        ];
        JsonNode estimate = Workspace.Run(
        [
            "compress", "--ratio", "4", "--no-train", "--threads", "1", "--out", artifact, "--json",
            .. little.SelectMany(setting => new[] { "--set", setting }),
        ]).Expect(ExitCode.Done).Json["memory"]!;

        foreach (string memory in new[] { "fast", "small" })
        {
            JsonObject run = (await Start(
                "generate", artifact, "--prompt", "Ivy was a brave", "--max-tokens", "64", "--ignore-end",
                "--memory", memory, "--threads", "2", "--json")).Expect(ExitCode.Done).Json;
            int tokens = (int)run["prompt_tokens"]! + 64;
            double estimated =
                (double)estimate[$"{memory}_bytes"]! + (tokens * (double)estimate["cache_bytes_per_token"]!);
            Assert.InRange((double)run["peak_rss_bytes"]!, 0.85 * estimated, MostShare * estimated);
        }
    }

    private static async Task<CliResult> Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(CommandLine).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> messages = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new CliResult(process.ExitCode, await output, await messages);
    }
}
