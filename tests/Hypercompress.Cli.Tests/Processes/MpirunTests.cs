using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Hypercompress.Artifacts;
using Hypercompress.Cli.Tests.Resuming;
using Hypercompress.Journal;

namespace Hypercompress.Cli.Tests.Processes;

/// <summary>Runs that a launcher of MPI programs starts.</summary>
public sealed class MpirunTests(Workspace workspace) : IClassFixture<Workspace>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public void Compress_TwoProcesses_MakeThePlanOfOne()
    {
        Launcher launcher = Launcher.Require();
        workspace.Compress(workspace.Of("alone"), RunKinds.AtOnce).Expect(ExitCode.Done);
        Launched joint = Compress(launcher, "joint", RunKinds.AtOnce);

        Assert.True(joint.ExitCode == 0, joint.Messages);
        (JsonNode alone, JsonNode together) = (Report("alone"), Report("joint"));
        Assert.Equal(Formats("alone"), Formats("joint"));
        double expected = (double)alone["perplexity"]!["student"]!;
        Assert.Equal(expected, (double)together["perplexity"]!["student"]!, 1e-3 * expected);
        Assert.Equal((double)alone["perplexity"]!["teacher"]!, (double)together["perplexity"]!["teacher"]!, 1e-9);
        Assert.False(Directory.Exists(WorkFolder.Of(workspace.Of("joint"))));
        Workspace.Run("verify", workspace.Of("joint")).Expect(ExitCode.Done);
    }

    [Fact]
    public void Compress_InOrderAndTrained_MakesTheSameBytesEachTime()
    {
        Launcher launcher = Launcher.Require();
        Launched first = Compress(launcher, "first", RunKinds.Trained);
        Launched second = Compress(launcher, "second", RunKinds.Trained);

        Assert.True(first.ExitCode == 0, first.Messages);
        Assert.True(second.ExitCode == 0, second.Messages);
        RunKinds.AssertSame(workspace.Of("first"), workspace.Of("second"));
    }

    [Fact]
    public void Compress_AProcessIsKilled_EndsAllAndIsResumed()
    {
        Launcher launcher = Launcher.Require();
        Assert.SkipUnless(OperatingSystem.IsLinux(), "finds processes in /proc");
        Launched whole = Compress(launcher, "whole", RunKinds.Trained);
        Assert.True(whole.ExitCode == 0, whole.Messages);

        using (Process killed = launcher.Start(2, Arguments("killed", RunKinds.Trained)))
        {
            // A run that has kept nothing yet leaves no work behind.
            var entries = new DirectoryInfo(Path.Combine(WorkFolder.Of(workspace.Of("killed")), "entries"));
            WaitFor(() => Directory.Exists(entries.FullName) && entries.EnumerateFiles("*.json").Any(), killed);
            Launcher.FindRank(killed.Id, 1).Kill();
            Launched ended = Launcher.End(killed, Patience);
            Assert.NotEqual(0, ended.ExitCode);
            Assert.Contains("rank 1", ended.Messages, StringComparison.Ordinal);
        }

        Assert.False(Artifact.IsArtifact(workspace.Of("killed")));
        Launched resumed = Compress(launcher, "killed", [.. RunKinds.Trained, "--resume"]);
        Assert.True(resumed.ExitCode == 0, resumed.Messages);
        RunKinds.AssertSame(workspace.Of("whole"), workspace.Of("killed"));
    }

    [Fact]
    public void Compress_FaultInAllProcesses_IsReportedOnce()
    {
        Launcher launcher = Launcher.Require();
        Launched launched = launcher.Run(2, ["compress", workspace.Of("missing"), "--ratio", "4"], Patience);

        Assert.Equal((int)ExitCode.Input, launched.ExitCode);
        Assert.Single(launched.Messages.Split('\n'), line => line.Contains("error: ", StringComparison.Ordinal));
    }

    [Fact]
    public void Compress_FinishedRun_IsLeftByAllProcesses()
    {
        Launcher launcher = Launcher.Require();
        Launched first = Compress(launcher, "finished", RunKinds.AtOnce);
        Launched again = Compress(launcher, "finished", [.. RunKinds.AtOnce, "--resume"]);

        Assert.True(first.ExitCode == 0, first.Messages);
        Assert.True(again.ExitCode == 0, again.Messages);
        Assert.Contains("already complete", again.Messages, StringComparison.Ordinal);
    }

    private static void WaitFor(Func<bool> holds, Process running)
    {
        while (!holds())
        {
            Assert.False(running.HasExited, "it ended before there was something to resume");
            Thread.Sleep(10);
        }
    }

    private Launched Compress(Launcher launcher, string output, string[] kind) =>
        launcher.Run(2, Arguments(output, kind), Patience);

    private string[] Arguments(string output, string[] kind) =>
        [.. workspace.Arguments("compress", workspace.Model), "--out", workspace.Of(output), .. kind];

    private JsonNode Report(string artifact) => Read(artifact, ArtifactLayout.Report);

    // What was chosen for each site; predicted errors differ in their last digits.
    private string[] Formats(string artifact) =>
    [
        .. Read(artifact, "plan.json")["sites"]!.AsArray().Select(site => string.Create(
            CultureInfo.InvariantCulture,
            $"{site!["name"]}: {string.Join(" + ", site["offers"]!.AsArray().Select(Treatment))}")),
    ];

    private static string Treatment(JsonNode? offer) => $"{offer!["branch"]} {offer["setting"]!.ToJsonString()}";

    private JsonNode Read(string artifact, string file) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(workspace.Of(artifact), file)))!;
}
