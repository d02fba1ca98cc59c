using Hypercompress.Reporting.Pages;

namespace Hypercompress.Tests.Reporting.Pages;

/// <summary>The page in a browser, where one is installed.</summary>
public sealed class BrowserTests
{
    [Theory]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    [InlineData(500, false)]
    public void Page_InABrowser_ReportsNoErrorAndSortsItsTables(int width, bool dark)
    {
        using var folder = new ScratchFolder();
        string page = ReportPage.Write(FullReport.Create());
        string plain = Open(folder, "page.html", page, width, dark);
        Assert.Contains("<button type=\"button\">bytes</button>", plain, StringComparison.Ordinal);

        // The page's own policy lets no other script run, so the click of this test is let in by a page without one.
        string open = page.Replace("http-equiv=\"Content-Security-Policy\"", "name=\"policy\"", StringComparison.Ordinal);
        string clicked = Open(
            folder,
            "clicked.html",
            open.Replace(
                "</body>",
                "<script>document.querySelectorAll('#run th button')[1].click();</script></body>",
                StringComparison.Ordinal),
            width,
            dark);
        int first = clicked.IndexOf("<th scope=\"row\">merge", StringComparison.Ordinal);
        int second = clicked.IndexOf("<th scope=\"row\">analysis", StringComparison.Ordinal);
        Assert.True(first >= 0 && first < second, "the phases are not sorted by their time");
        Assert.Contains("aria-sort=\"ascending\"", clicked, StringComparison.Ordinal);
    }

    [Fact]
    public void Page_WithAForeignScript_DoesNotRunIt()
    {
        using var folder = new ScratchFolder();
        string page = ReportPage.Write(FullReport.Create()).Replace(
            "</body>", "<script>document.title = 'run';</script></body>", StringComparison.Ordinal);

        (string dom, string log) = HeadlessBrowser.Open(folder, new Uri(folder.Write("page.html", page)));

        Assert.Contains("CONSOLE", log, StringComparison.Ordinal);
        Assert.DoesNotContain("<title>run</title>", dom, StringComparison.Ordinal);
    }

    private static string Open(ScratchFolder folder, string name, string page, int width, bool dark)
    {
        (string dom, string log) = HeadlessBrowser.Open(folder, new Uri(folder.Write(name, page)), width, dark);
        Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
        Assert.Contains("</html>", dom, StringComparison.Ordinal);
        return dom;
    }
}
