using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Models.Tests.Files;

public sealed class StagedFolderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    [Fact]
    public void Publish_LetsTheFolderAppearWhole()
    {
        using (var staged = new StagedFolder(_folder.Of("deep/target")))
        {
            File.WriteAllText(Path.Combine(staged.Path, "file"), "content");
            Assert.False(Path.Exists(_folder.Of("deep/target")));
            staged.Publish();
        }

        Assert.Equal("content", File.ReadAllText(_folder.Of("deep/target/file")));
        Assert.Equal(
            ["target"], Directory.GetFileSystemEntries(_folder.Of("deep")).Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void Dispose_BeforePublishing_LeavesNothing()
    {
        using (var staged = new StagedFolder(_folder.Of("target")))
        {
            File.WriteAllText(Path.Combine(staged.Path, "file"), "content");
        }

        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Publish_OverAFolderThatMayBeReplaced_ReplacesIt()
    {
        _folder.Write(Directory.CreateDirectory(_folder.Of("target")).Name + "/manifest.json", "old");
        using (var staged = new StagedFolder(_folder.Of("target"), "manifest.json"))
        using (var other = new StagedFolder(_folder.Of("target"), "manifest.json"))
        {
            Assert.NotEqual(staged.Path, other.Path);
            File.WriteAllText(Path.Combine(staged.Path, "file"), "new");
            staged.Publish();
        }

        Assert.Equal(
            ["file"], Directory.GetFileSystemEntries(_folder.Of("target")).Select(path => Path.GetFileName(path)));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Constructor_BesideWhatAKilledProcessOfTheSameIdLeft_TakesAnotherFolder()
    {
        string left = Directory.CreateDirectory(_folder.Of($"target.{Environment.ProcessId}-0.partial")).FullName;
        using var staged = new StagedFolder(_folder.Of("target"));
        Assert.NotEqual(left, staged.Path);
        Assert.Empty(Directory.GetFileSystemEntries(staged.Path));
    }

    [Fact]
    public void Publish_OverAnEmptyFolder_Works()
    {
        Directory.CreateDirectory(_folder.Of("target"));
        using var staged = new StagedFolder(_folder.Of("target/"));

        staged.Publish();

        Assert.True(Directory.Exists(_folder.Of("target")));
    }

    [Fact]
    public void Publish_WhenSomethingAppearedMeanwhile_LeavesItAlone()
    {
        using (var staged = new StagedFolder(_folder.Of("target")))
        {
            Directory.CreateDirectory(_folder.Of("target"));
            _folder.Write("target/theirs", "keep");
            Assert.Throws<ConfigurationException>(staged.Publish);
        }

        Assert.Equal("keep", File.ReadAllText(_folder.Of("target/theirs")));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("some.txt", "manifest.json")]
    [InlineData("some.txt", null)]
    [InlineData("manifest.json", null)]
    public void CheckFree_OfAFullFolder_RefusesWhatIsNotAskedFor(string inside, string? replaceable)
    {
        Directory.CreateDirectory(_folder.Of("target"));
        _folder.Write($"target/{inside}", "{}");

        var failure =
            Assert.Throws<ConfigurationException>(() => StagedFolder.CheckFree(_folder.Of("target"), replaceable));

        Assert.Contains(_folder.Of("target"), failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CheckFree_OfAFolderWithTheMark_Allows()
    {
        Directory.CreateDirectory(_folder.Of("target"));
        _folder.Write("target/manifest.json", "{}");

        StagedFolder.CheckFree(_folder.Of("target"), "manifest.json");
    }

    public void Dispose() => _folder.Dispose();
}
