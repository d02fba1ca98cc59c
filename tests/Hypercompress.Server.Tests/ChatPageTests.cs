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
}
