using Hypercompress.Phases;
using Spectre.Console;

namespace Hypercompress.Cli.Output;

/// <summary>Shows the progress of the pipeline: bars on a terminal, lines elsewhere.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs work under a display.</summary>
    /// <typeparam name="T">The result of the work.</typeparam>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="quiet">Shows nothing at all.</param>
    /// <param name="level">The least important messages that are written: <c>logging.level</c>.</param>
    /// <param name="work">The work; it reports to the observers that it is given.</param>
    /// <returns>The result of the work.</returns>
    public static T Run<T>(
        Terminal terminal, bool quiet, string level, Func<IReadOnlyList<IPipelineObserver>, T> work)
    {
        if (quiet || level == "error")
        {
            return work([]);
        }

        if (!terminal.IsInteractive || level != "info")
        {
            return work([new PlainObserver(terminal.Messages, TimeProvider.System, level)]);
        }

        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Screen) });
        return console.Progress()
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn(),
                new RemainingTimeColumn())
            .Start(context => work([new BarObserver(console, context)]));
    }
}
