using System.Diagnostics;
using Hypercompress.Reporting.Pages;

namespace Hypercompress.Tests.Reporting.Pages;

/// <summary>The page in a browser, where one is installed.</summary>
public sealed class BrowserTests
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    [Theory]
    [InlineData(1000, false)]
    [InlineData(1000, true)]
    [InlineData(500, false)]
    public void Page_InABrowser_ReportsNoErrorAndSortsItsTables(int width, bool dark)
    {
        string browser = Require();
        using var folder = new ScratchFolder();
        string page = ReportPage.Write(FullReport.Create());
        string plain = Dom(browser, folder, "page.html", page, width, dark);
        Assert.Contains("<button type=\"button\">bytes</button>", plain, StringComparison.Ordinal);

        // The page's own policy lets no other script run, so the click of this test is let in by a page without one.
        string open = page.Replace("http-equiv=\"Content-Security-Policy\"", "name=\"policy\"", StringComparison.Ordinal);
        string clicked = Dom(
            browser,
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
        string browser = Require();
        using var folder = new ScratchFolder();
        string page = ReportPage.Write(FullReport.Create()).Replace(
            "</body>", "<script>document.title = 'run';</script></body>", StringComparison.Ordinal);

        (string dom, string log) = Run(browser, folder, folder.Write("page.html", page), 1000, dark: false);

        Assert.Contains("CONSOLE", log, StringComparison.Ordinal);
        Assert.DoesNotContain("<title>run</title>", dom, StringComparison.Ordinal);
    }

    private static string Dom(string browser, ScratchFolder folder, string name, string page, int width, bool dark)
    {
        (string dom, string log) = Run(browser, folder, folder.Write(name, page), width, dark);
        Assert.DoesNotContain("CONSOLE", log, StringComparison.Ordinal);
        Assert.Contains("</html>", dom, StringComparison.Ordinal);
        return dom;
    }

    private static (string Output, string Log) Run(
        string browser, ScratchFolder folder, string file, int width, bool dark)
    {
        var start = new ProcessStartInfo(browser)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--enable-logging=stderr",
                $"--user-data-dir={folder.Of("browser")}",
                $"--window-size={width},900",
                $"--blink-settings=preferredColorScheme={(dark ? 0 : 1)}",
                "--dump-dom",
                new Uri(file).AbsoluteUri,
            },
        };
        using Process process = Process.Start(start)!;
        Task<string> log = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string dom = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (dom, log.GetAwaiter().GetResult());
    }

    private static string Require()
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        string? found = folders.SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"needs a browser: {string.Join(", ", Names)}");
        return found!;
    }
}
