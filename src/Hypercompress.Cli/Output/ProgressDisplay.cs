using Hypercompress.Phases;
using Spectre.Console;

namespace Hypercompress.Cli.Output;

/// <summary>Shows what the pipeline does while it runs: bars on a terminal, lines elsewhere.</summary>
internal static class ProgressDisplay
{
    /// <summary>Runs work under a display.</summary>
    /// <typeparam name="T">What the work yields.</typeparam>
    /// <param name="terminal">Where it is shown.</param>
    /// <param name="quiet">Shows nothing at all.</param>
    /// <param name="level">The least important messages that are written: <c>logging.level</c>.</param>
    /// <param name="work">The work; it is given the observers.</param>
    /// <returns>What the work yields.</returns>
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

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal.Messages) });
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
