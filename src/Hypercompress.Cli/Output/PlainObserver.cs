using System.Globalization;
using Hypercompress.Phases;

namespace Hypercompress.Cli.Output;

/// <summary>Progress as plain lines, for logs: one when a phase starts, a few while it runs, one when it ends.</summary>
/// <param name="messages">Standard error.</param>
/// <param name="clock">For the time that is left.</param>
/// <param name="level">
/// <c>debug</c> for every step, <c>info</c> for a line in ten seconds, <c>warning</c> for notes alone.
/// </param>
internal sealed class PlainObserver(TextWriter messages, TimeProvider clock, string level) : IPipelineObserver
{
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(level == "debug" ? 0 : 10);
    private readonly bool _onlyNotes = level == "warning";
    private long _phaseStarted;
    private long _lastLine;

    /// <inheritdoc/>
    public void PhaseStarted(Phase phase)
    {
        _phaseStarted = _lastLine = clock.GetTimestamp();
        if (!_onlyNotes)
        {
            messages.WriteLine($"{phase} …");
        }
    }

    /// <inheritdoc/>
    public void PhaseAdvanced(Phase phase, double done, double total, string detail)
    {
        if (_onlyNotes || clock.GetElapsedTime(_lastLine) < _interval)
        {
            return;
        }

        _lastLine = clock.GetTimestamp();
        TimeSpan elapsed = clock.GetElapsedTime(_phaseStarted);
        string progress = total > 0 && done > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{done / total:P0}, {elapsed * ((total / done) - 1):m\\:ss} left")
            : string.Create(CultureInfo.InvariantCulture, $"{elapsed:m\\:ss}");
        messages.WriteLine($"  {phase}: {progress} ({detail}), {Units.Bytes(Environment.WorkingSet)} in memory");
    }

    /// <inheritdoc/>
    public void PhaseEnded(PhaseRecord record)
    {
        if (!_onlyNotes)
        {
            messages.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {record.Phase}: {record.Seconds:F1} s, peak memory {Units.Bytes(record.PeakMemoryBytes)}"));
        }
    }

    /// <inheritdoc/>
    public void Noted(string text) => messages.WriteLine($"  note: {text}");
}
