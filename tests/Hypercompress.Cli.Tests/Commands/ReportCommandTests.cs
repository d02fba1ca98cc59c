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
    public void Report_HtmlIntoAMissingFolder_MakesTheFolder()
    {
        string file = workspace.Of("missing/and/more/page.html");

        Workspace.Run("report", workspace.Artifact, "--html", file).Expect(ExitCode.Done);

        Assert.True(File.Exists(file));
    }
}
