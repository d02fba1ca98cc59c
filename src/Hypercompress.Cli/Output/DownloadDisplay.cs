using Hypercompress.Models.Hub;

namespace Hypercompress.Cli.Output;

/// <summary>Shows the progress of a download: a live line on a terminal, lines elsewhere.</summary>
internal static class DownloadDisplay
{
    /// <summary>Runs a download under a display.</summary>
    /// <typeparam name="T">The result of the download.</typeparam>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="work">The download; it reports to the progress that it is given.</param>
    /// <returns>The result of the download.</returns>
    public static T Run<T>(Terminal terminal, Func<IProgress<HubProgress>, T> work)
    {
        if (!terminal.IsInteractive)
        {
            return work(new DownloadLines(terminal.Messages));
        }

        LiveLine line = terminal.LiveLine();
        try
        {
            return work(new DownloadLine(line, TimeProvider.System));
        }
        finally
        {
            line.Clear();
        }
    }
}
