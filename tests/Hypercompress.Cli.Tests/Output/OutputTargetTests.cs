using Hypercompress.Cli.Output;
using Hypercompress.Models.Errors;

namespace Hypercompress.Cli.Tests.Output;

public sealed class OutputTargetTests(Workspace workspace) : IClassFixture<Workspace>
{
    [Fact]
    public void Check_OfAFreePath_LeavesNothing()
    {
        string folder = Directory.CreateDirectory(workspace.Of("free")).FullName;

        OutputTarget.Check("--out", Path.Combine(folder, "a", "b"));
        OutputTarget.Check("--out", folder);
        OutputTarget.CheckFile("--save", Path.Combine(folder, "plan.json"));
        OutputTarget.Check("--out", null);

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void Check_BelowAFile_IsRefused()
    {
        string file = workspace.Write("file.txt", "x");

        Assert.Contains(file, Assert.Throws<ConfigurationException>(
            () => OutputTarget.Check("--out", Path.Combine(file, "below"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckFile_NeedsAFolderAndNoFolderOfItsName()
    {
        string folder = Directory.CreateDirectory(workspace.Of("taken")).FullName;

        Assert.Throws<ConfigurationException>(() => OutputTarget.CheckFile("--save", folder));
        Assert.Throws<ConfigurationException>(
            () => OutputTarget.CheckFile("--save", Path.Combine(folder, "no", "plan.json")));
    }

    [Theory]
    [InlineData("--out")]
    [InlineData("--statistics")]
    public void TargetThatCannotBeWritten_IsFoundBeforeTheWork(string option)
    {
        string file = workspace.Write("not-a-folder", "x");

        CliResult run = Workspace.Run(
            [.. workspace.Arguments("compress", workspace.Model), option, Path.Combine(file, "below")])
            .Expect(ExitCode.Usage, option);

        Assert.DoesNotContain(" …", run.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public void PlanThatCannotBeSaved_IsFoundBeforeTheWork()
    {
        CliResult run = Workspace.Run(
            [.. workspace.Arguments("plan", workspace.Model), "--save", workspace.Of("no/such/plan.json")])
            .Expect(ExitCode.Usage, "--save");

        Assert.DoesNotContain(" …", run.Messages, StringComparison.Ordinal);
    }
}
