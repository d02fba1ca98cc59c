using System.Globalization;
using Hypercompress.Models.Files;
using Hypercompress.Phases;

namespace Hypercompress.Cli.Output;

/// <summary>Shows progress as plain lines: one when a phase starts, some while it runs, one when it ends.</summary>
/// <param name="messages">Standard error.</param>
/// <param name="clock">Measures the remaining time.</param>
/// <param name="level">
/// <c>debug</c> for every step, <c>info</c> for one line every ten seconds, <c>warning</c> for notes only.
/// </param>
internal sealed class PlainObserver(TextWriter messages, TimeProvider clock, string level) : IPipelineObserver
{
    // A phase that takes less has nothing to tell.
    private const double LeastSeconds = 0.05;

    private readonly TimeSpan _interval = TimeSpan.FromSeconds(level == "debug" ? 0 : 10);
    private readonly bool _onlyNotes = level == "warning";
    private long _phaseStarted;
    private long _lastLine;

    /// <inheritdoc/>
    public void Expected(RunForecast forecast)
    {
        if (!_onlyNotes)
        {
            messages.WriteLine(ProgressText.Of(forecast));
        }
    }

    /// <inheritdoc/>
    public void Resumed(string folder)
    {
        if (!_onlyNotes)
        {
            messages.WriteLine($"going on with the stopped run in {folder}");
        }
    }

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
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{100 * done / total:F0} %, {Units.Duration(ProgressText.Left(done / total, elapsed))} left")
            : Units.Duration(elapsed);
        messages.WriteLine($"  {phase}: {progress} ({detail}), {SizeText.Of(Environment.WorkingSet)} in memory");
    }

    /// <inheritdoc/>
    public void PhaseEnded(PhaseRecord record)
    {
        if (!_onlyNotes && record.Seconds >= LeastSeconds)
        {
            messages.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {record.Phase}: {record.Seconds:F1} s, peak memory {SizeText.Of(record.PeakMemoryBytes)}"));
        }
    }

    /// <inheritdoc/>
    public void Noted(string text) => messages.WriteLine($"  note: {text}");
}
