using Hypercompress.Models.Files;
using Hypercompress.Phases;

namespace Hypercompress.Cli.Output;

/// <summary>
/// Shows progress on a terminal: one live line with the remaining time and the memory of the running phase, below one
/// plain line for each phase that has ended and each note.
/// </summary>
internal sealed class LiveObserver : IPipelineObserver, IDisposable
{
    // Shorter phases leave no line.
    private const double LeastSeconds = 1;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(100);

    private readonly Lock _guard = new();
    private readonly LiveLine _line;
    private readonly TimeProvider _clock;
    private readonly ITimer _timer;
    private Phase? _phase;
    private double? _share;
    private string? _unmeasured;
    private long _started;
    private long _drawn;

    /// <summary>Starts the display.</summary>
    /// <param name="line">Where it is shown.</param>
    /// <param name="clock">Measures the time, and redraws the line every second.</param>
    public LiveObserver(LiveLine line, TimeProvider clock)
    {
        (_line, _clock) = (line, clock);
        _timer = clock.CreateTimer(_ => Redraw(), null, Interval, Interval);
    }

    /// <inheritdoc/>
    public void Expected(RunForecast forecast)
    {
        lock (_guard)
        {
            _line.WriteLine(ProgressText.Of(forecast));
        }
    }

    /// <inheritdoc/>
    public void Resumed(string folder)
    {
        lock (_guard)
        {
            _line.WriteLine($"going on with the stopped run in {folder}");
        }
    }

    /// <inheritdoc/>
    public void PhaseStarted(Phase phase)
    {
        lock (_guard)
        {
            (_phase, _share, _unmeasured) = (phase, null, null);
            _started = _clock.GetTimestamp();
            Draw();
        }
    }

    /// <inheritdoc/>
    public void PhaseAdvanced(Phase phase, double done, double total, string detail)
    {
        lock (_guard)
        {
            _share = total > 0 ? done / total : null;
            _unmeasured = total > 0 ? null : detail;
            if (_clock.GetElapsedTime(_drawn) >= LeastPause)
            {
                Draw();
            }
        }
    }

    /// <inheritdoc/>
    public void PhaseEnded(PhaseRecord record)
    {
        lock (_guard)
        {
            _phase = null;
            _line.Clear();
            if (record.Seconds >= LeastSeconds)
            {
                _line.WriteLine($"{record.Phase}: {Units.Duration(TimeSpan.FromSeconds(record.Seconds))}, peak memory "
                    + $"{SizeText.Of(record.PeakMemoryBytes)}");
            }
        }
    }

    /// <inheritdoc/>
    public void Noted(string text)
    {
        lock (_guard)
        {
            _line.WriteLine($"note: {text}");
            Draw();
        }
    }

    /// <summary>Takes the live line away; no more is drawn.</summary>
    public void Dispose()
    {
        _timer.Dispose();
        lock (_guard)
        {
            _phase = null;
            _line.Clear();
        }
    }

    private void Redraw()
    {
        lock (_guard)
        {
            Draw();
        }
    }

    private void Draw()
    {
        if (_phase is { } phase)
        {
            _drawn = _clock.GetTimestamp();
            _line.Show(ProgressText.Fit(
                _unmeasured is null ? phase.Name : $"{phase.Name}: {_unmeasured}",
                _share,
                _clock.GetElapsedTime(_started),
                SizeText.Of(Environment.WorkingSet),
                _line.Columns,
                _line.HasBlocks));
        }
    }
}
