using Hypercompress.Models.Errors;
using Hypercompress.Models.Files;

namespace Hypercompress.Models.Tests.Files;

public sealed class StagedFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Publish_LetsTheFileAppearWhole()
    {
        using (var staged = new StagedFile(_folder.Of("deep/model.gguf")))
        {
            Assert.Equal(".gguf", Path.GetExtension(staged.Path));
            File.WriteAllText(staged.Path, "content");
            Assert.False(Path.Exists(_folder.Of("deep/model.gguf")));
            staged.Publish();
        }

        Assert.Equal("content", File.ReadAllText(_folder.Of("deep/model.gguf")));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Of("deep")));
    }

    [Fact]
    public void Dispose_BeforePublishing_LeavesNothing()
    {
        new StagedFile(_folder.Of("file")).Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void TwoOfThem_ForOneTarget_WriteToDifferentFilesAndTheSecondIsRefused()
    {
        using var first = new StagedFile(_folder.Of("file"));
        using var second = new StagedFile(_folder.Of("file"));
        Assert.NotEqual(first.Path, second.Path);
        first.Publish();
        Assert.Throws<ConfigurationException>(second.Publish);
    }
}
