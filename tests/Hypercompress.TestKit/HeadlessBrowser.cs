using System.Diagnostics;

namespace Hypercompress.TestKit;

/// <summary>A browser without a window, where one is installed.</summary>
public static class HeadlessBrowser
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    /// <summary>Opens a page, and lets its scripts run; skips the calling test when there is no browser.</summary>
    /// <param name="folder">For the browser's own files.</param>
    /// <param name="address">The page.</param>
    /// <param name="width">Width of the window.</param>
    /// <param name="dark">Whether the dark theme is wanted.</param>
    /// <param name="more">More switches of the browser.</param>
    /// <returns>The page as it then is, and the browser's log; lines of a page's console say CONSOLE.</returns>
    public static (string Page, string Log) Open(
        ScratchFolder folder, Uri address, int width = 1000, bool dark = false, params string[] more)
    {
        var start = new ProcessStartInfo(Require())
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] arguments =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr",
            $"--user-data-dir={folder.Of("browser")}", $"--window-size={width},900",
            $"--blink-settings=preferredColorScheme={(dark ? 0 : 1)}", .. more, "--dump-dom", address.AbsoluteUri,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> log = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string page = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (page, log.GetAwaiter().GetResult());
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
