using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Hypercompress.Cli.Tests;

/// <summary>The program as a process: what scripts get from it.</summary>
public sealed class ProgramTests(Workspace workspace) : IClassFixture<Workspace>
{
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
