using Hypercompress.Artifacts;

namespace Hypercompress.Cli.Tests.Commands;

public sealed class ReportCommandTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void Report_Html_WritesThePageOfTheArtifact()
    {
        string file = workspace.Of("page.html");

        CliResult run = Workspace.Run("report", workspace.Artifact, "--html", file).Expect(ExitCode.Done);

        Assert.Empty(run.Output);
        Assert.Equal(File.ReadAllText(Path.Combine(workspace.Artifact, ArtifactLayout.Page)), File.ReadAllText(file));
    }

    [Fact]
    public void Report_HtmlIntoAMissingFolder_IsRefused()
    {
        string file = workspace.Of("missing/page.html");

        CliResult run = Workspace.Run("report", workspace.Artifact, "--html", file).Expect(ExitCode.Usage);

        Assert.Contains("make it first", run.Messages, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
    }
}
