namespace Hypercompress.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void SharedFiles_AreFoundOrSkipped() => Assert.True(Directory.Exists(SharedFiles.Require("golden")));
}
