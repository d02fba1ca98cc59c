using System.Text.Json.Nodes;
using Hypercompress.Models.Files;

namespace Hypercompress.Cli.Tests.Resuming;

/// <summary><c>clean</c>: what killed runs left goes, and nothing else.</summary>
public sealed class CleanCommandTests(Workspace workspace) : IClassFixture<Workspace>
{
    // No process has a number as high as this.
    private const int Nobody = 2_000_000_000;

    [Fact]
    public void Clean_RemovesTheWorkOfStoppedRunsAndUnfinishedFiles()
    {
        string folder = Directory.CreateDirectory(workspace.Of("results")).FullName;
        using var source = new CancellationTokenSource();
        using var messages = new CancellingWriter(source, "offers …");
        Workspace.Run(
            [.. workspace.Arguments("compress", workspace.Model), "--out", Path.Combine(folder, "a"), "--ratio", "4"],
            messages,
            source.Token).Expect(ExitCode.Stopped);
        string[] left =
        [
            Path.Combine(folder, "a.work"), Touch(folder, $"b.{Nobody}-0.partial"),
            Touch(folder, $"b.{Nobody}-0.partial.lock"),
            Directory.CreateDirectory(Path.Combine(folder, $"c.{Nobody}-3.partial.old")).FullName,
        ];
        string[] others =
        [
            Touch(folder, "notes.partial"), Touch(folder, $"d.{Environment.ProcessId}-0.partial"),
            Directory.CreateDirectory(Path.Combine(folder, "home.work")).FullName,
        ];

        JsonObject dry = Workspace.Run("clean", folder, "--dry-run", "--json").Expect(ExitCode.Done).Json;
        Assert.Equal(left, dry["removed"]!.AsArray().Select(entry => (string?)entry!["path"]).Order());
        Assert.All(left, path => Assert.True(Path.Exists(path), path));
        Workspace.Run("clean", folder).Expect(ExitCode.Done);

        Assert.All(left, path => Assert.False(Path.Exists(path), path));
        Assert.All(others, path => Assert.True(Path.Exists(path), path));
        Assert.Contains("nothing to remove", Workspace.Run("clean", folder).Output, StringComparison.Ordinal);
        Workspace.Run("clean", Path.Combine(folder, "nowhere")).Expect(ExitCode.Input, "does not exist");
    }

    [Fact]
    public void Clean_LeavesAFolderThatIsInUse()
    {
        string folder = Directory.CreateDirectory(workspace.Of("busy")).FullName;
        string work = Directory.CreateDirectory(Path.Combine(folder, "x.work")).FullName;
        Touch(work, "run.json");
        using (FolderLock.Take(work))
        {
            Workspace.Run("clean", folder).Expect(ExitCode.Done);
            Assert.True(Directory.Exists(work));
        }

        Workspace.Run("clean", folder).Expect(ExitCode.Done);
        Assert.False(Directory.Exists(work));
    }

    private static string Touch(string folder, string name)
    {
        File.WriteAllText(Path.Combine(folder, name), "x");
        return Path.Combine(folder, name);
    }
}
