namespace Hypercompress.Server.Tests;

/// <summary>The page to talk to the model, in a browser where one is installed.</summary>
public sealed class ChatPageTests(ServedModel served) : IClassFixture<ServedModel>
{
    [Theory]
    [InlineData(1000, false)]
    [InlineData(500, true)]
    public void Page_InABrowser_FindsTheModelAndReportsNoError(int width, bool dark)
    {
        using var folder = new ScratchFolder();

        (string page, string log) =
            HeadlessBrowser.Open(folder, served.Address, width, dark, "--virtual-time-budget=10000");

        Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
        Assert.Contains($"<h1 id=\"model\">{served.Engine.Name}</h1>", page, StringComparison.Ordinal);
    }
    [Fact]
    public async Task Page_OfAServerWithAKey_AsksForItInTheSettings()
    {
        using var folder = new ScratchFolder();
        await using ModelServer server = await ModelServer.StartAsync(
            served.Engine,
            new ServerOptions { Port = 0, Key = "right" },
            TimeProvider.System,
            null,
            TestContext.Current.CancellationToken);

        (string page, _) = HeadlessBrowser.Open(folder, server.Address, 500, false, "--virtual-time-budget=10000");

        Assert.Contains("this server asks for a key: give it under Settings", page, StringComparison.Ordinal);
        Assert.Contains("<details id=\"settings\" open", page, StringComparison.Ordinal);
    }
}
