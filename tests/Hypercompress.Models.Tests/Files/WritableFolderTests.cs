using Hypercompress.Models.Files;

namespace Hypercompress.Models.Tests.Files;

public sealed class WritableFolderTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Fault_OfAFolder_IsNone_AndNothingIsLeft()
    {
        Assert.Null(WritableFolder.Fault(_folder.Path));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Fault_OfAFolderThatIsMissing_IsFoundWithoutMakingIt()
    {
        Assert.IsType<DirectoryNotFoundException>(WritableFolder.Fault(_folder.Of("missing")));
        Assert.False(Path.Exists(_folder.Of("missing")));
    }

    [Fact]
    public void FaultOfMade_MakesTheFolder_OrSaysWhyNot()
    {
        Assert.Null(WritableFolder.FaultOfMade(_folder.Of("a/b")));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Of("a/b")));
        Assert.IsAssignableFrom<IOException>(WritableFolder.FaultOfMade(_folder.Write("file", "")));
    }

    [Fact]
    public void Fault_AskedByManyAtATime_IsNone()
    {
        Exception?[] faults =
            [.. Enumerable.Range(0, 64).AsParallel().Select(_ => WritableFolder.Fault(_folder.Path))];

        Assert.All(faults, Assert.Null);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }
}
