using Hypercompress.Phases;
using Spectre.Console;

namespace Hypercompress.Cli.Output;

/// <summary>Shows progress as bars with the remaining time, one for each phase.</summary>
/// <param name="console">Standard error.</param>
/// <param name="context">The running display.</param>
internal sealed class BarObserver(IAnsiConsole console, ProgressContext context) : IPipelineObserver
{
    private ProgressTask? _current;

    /// <inheritdoc/>
    public void PhaseStarted(Phase phase)
    {
        _current = context.AddTask(Markup.Escape(PrintableText.Of(phase.Name)), maxValue: 1);
        _current.IsIndeterminate = true;
    }

    /// <inheritdoc/>
    public void PhaseAdvanced(Phase phase, double done, double total, string detail)
    {
        if (_current is null || total <= 0)
        {
            return;
        }

        _current.IsIndeterminate = false;
        _current.MaxValue = total;
        _current.Value = done;
        _current.Description = Markup.Escape($"{phase} ({Units.Bytes(Environment.WorkingSet)})");
    }

    /// <inheritdoc/>
    public void PhaseEnded(PhaseRecord record)
    {
        if (_current is null)
        {
            return;
        }

        _current.IsIndeterminate = false;
        _current.Value = _current.MaxValue;
        _current.Description = Markup.Escape($"{record.Phase} (peak {Units.Bytes(record.PeakMemoryBytes)})");
        _current.StopTask();
    }

    /// <inheritdoc/>
    public void Noted(string text) =>
        console.MarkupLineInterpolated($"[grey]note: {PrintableText.Of(text)}[/]");
}
