using Hypercompress.Models.Files;

namespace Hypercompress.Models.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_ReplacesTheFileAndLeavesNothingElse()
    {
        string file = _folder.Write("file", "an old and longer content");
        AtomicFile.WriteText(file, "new");
        Assert.Equal("new", File.ReadAllText(file));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_ThatFailsHalfway_LeavesTheOldFileAndNothingElse()
    {
        string file = _folder.Write("file", "old");
        Assert.Throws<IOException>(() => AtomicFile.Write(file, stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device");
        }));
        Assert.Equal("old", File.ReadAllText(file));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_BesideWhatAKilledProcessOfTheSameIdLeft_DoesNotPublishThat()
    {
        string left = _folder.Write($"file.{Environment.ProcessId}-0.partial", "half");
        AtomicFile.WriteText(_folder.Of("file"), "whole");
        Assert.Equal("whole", File.ReadAllText(_folder.Of("file")));
        Assert.Equal("half", File.ReadAllText(left));
    }

    [Fact]
    public void Write_ToOneFileByManyAtOnce_LeavesOneOfThemWhole()
    {
        string[] contents = [.. Enumerable.Range(0, 32).Select(writer => new string((char)('A' + writer), 100_000))];
        Parallel.ForEach(contents, content => AtomicFile.WriteText(_folder.Of("file"), content));
        Assert.Contains(File.ReadAllText(_folder.Of("file")), contents);
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Write_ThroughALink_ReplacesTheFileThatItLeadsTo()
    {
        string file = _folder.Write("file", "old");
        File.CreateSymbolicLink(_folder.Of("link"), file);
        AtomicFile.WriteText(_folder.Of("link"), "new");
        Assert.Equal("new", File.ReadAllText(file));
        Assert.Equal(file, File.ResolveLinkTarget(_folder.Of("link"), returnFinalTarget: false)?.FullName);
    }

    [Fact]
    public void Write_ToADevice_WritesToIt()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "needs a null device");
        AtomicFile.WriteText("/dev/null", "nothing");
        Assert.Empty(File.ReadAllText("/dev/null"));
    }
}
