using Hypercompress.Phases;

namespace Hypercompress.Cli.Output;

/// <summary>Shows the progress of the pipeline: a live line on a terminal, lines elsewhere.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs work under a display.</summary>
    /// <typeparam name="T">The result of the work.</typeparam>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="level">
    /// The least important messages that are written: <c>logging.level</c>; nothing is shown at <c>error</c>.
    /// </param>
    /// <param name="work">The work; it reports to the observers that it is given.</param>
    /// <returns>The result of the work.</returns>
    public static T Run<T>(Terminal terminal, string level, Func<IReadOnlyList<IPipelineObserver>, T> work)
    {
        if (level == "error")
        {
            return work([]);
        }

        if (!terminal.IsInteractive || level != "info")
        {
            return work([new PlainObserver(terminal.Messages, TimeProvider.System, level)]);
        }

        using var observer = new LiveObserver(terminal.LiveLine(), TimeProvider.System);
        return work([observer]);
    }
}
