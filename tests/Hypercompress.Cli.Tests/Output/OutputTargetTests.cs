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
    public void CheckFile_TakesAFolderThatIsMissing_AndNoFolderOfItsName()
    {
        string folder = Directory.CreateDirectory(workspace.Of("taken")).FullName;

        OutputTarget.CheckFile("--save", Path.Combine(folder, "no", "plan.json"));

        Assert.Throws<ConfigurationException>(() => OutputTarget.CheckFile("--save", folder));
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }
}
