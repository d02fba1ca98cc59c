using System.Diagnostics;

namespace Hypercompress.Cli.Tests.Resuming;

/// <summary>Signals to a process that works.</summary>
public sealed class SignalTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Compress_WithASignal_StopsAndSaysHowToGoOn(string signal)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "signals are those of Unix");
        string output = workspace.Of($"signalled {signal}");
        using Process process = Start(output);
        Task<string> results = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        string messages = string.Empty;
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            messages += line + "\n";
            if (line == "offers …")
            {
                using Process kill = Process.Start("kill", ["-s", signal, $"{process.Id}"]);
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
            }
        }

        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        var result = new CliResult(process.ExitCode, await results, messages);

        result.Expect(ExitCode.Stopped, $"{output}.work. Go on with: ", $"--out '{output}'", " --resume");
        Assert.True(File.Exists(Path.Combine($"{output}.work", "entries", "baseline-analysis.json")));
        workspace.Compress(output, [.. RunKinds.AtOnce, "--resume"])
            .Expect(ExitCode.Done, $"going on with the stopped run in {output}.work");
        Workspace.Run("verify", output).Expect(ExitCode.Done);
    }

    // A shell lets what it runs in the background ignore Ctrl-C, these tests among it.
    private Process Start(string output) => Process.Start(new ProcessStartInfo(
        OperatingSystem.IsLinux() ? "env" : "dotnet",
        [
            .. OperatingSystem.IsLinux() ? ["--default-signal=INT", "dotnet"] : Array.Empty<string>(),
            typeof(CommandLine).Assembly.Location, .. workspace.Arguments("compress", workspace.Model),
            "--out", output, .. RunKinds.AtOnce,
        ])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
