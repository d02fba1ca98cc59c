using System.Collections.Immutable;

namespace Hypercompress.Phases;

/// <summary>
/// Passes every event on to all observers, one call at a time, and keeps notes and measured values for the report.
/// </summary>
/// <param name="observers">Receive the events, in this order.</param>
public sealed class LoggingManager(IEnumerable<IPipelineObserver> observers) : IPipelineObserver
{
    private readonly ImmutableArray<IPipelineObserver> _observers = [.. observers];
    private readonly Lock _gate = new();
    private readonly List<string> _notes = [];
    private readonly List<MeasuredValue> _values = [];

    /// <summary>All notes, in order.</summary>
    public ImmutableArray<string> Notes
    {
        get
        {
            lock (_gate)
            {
                return [.. _notes];
            }
        }
    }

    /// <summary>All measured values, in order.</summary>
    public ImmutableArray<MeasuredValue> Values
    {
        get
        {
            lock (_gate)
            {
                return [.. _values];
            }
        }
    }

    /// <inheritdoc/>
    public void Expected(RunForecast forecast) => Tell(observer => observer.Expected(forecast));

    /// <inheritdoc/>
    public void Resumed(string folder) => Tell(observer => observer.Resumed(folder));

    /// <inheritdoc/>
    public void PhaseStarted(Phase phase) => Tell(observer => observer.PhaseStarted(phase));

    /// <inheritdoc/>
    public void PhaseAdvanced(Phase phase, double done, double total, string detail) =>
        Tell(observer => observer.PhaseAdvanced(phase, done, total, detail));

    /// <inheritdoc/>
    public void Measured(Phase phase, string series, long step, double value)
    {
        ArgumentNullException.ThrowIfNull(phase);
        lock (_gate)
        {
            _values.Add(new MeasuredValue(phase.Name, series, step, value));
        }

        Tell(observer => observer.Measured(phase, series, step, value));
    }

    /// <inheritdoc/>
    public void Distributed(Phase phase, string series, long step, IReadOnlyList<double> values) =>
        Tell(observer => observer.Distributed(phase, series, step, values));

    /// <inheritdoc/>
    public void PhaseEnded(PhaseRecord record) => Tell(observer => observer.PhaseEnded(record));

    /// <inheritdoc/>
    public void Noted(string text)
    {
        lock (_gate)
        {
            _notes.Add(text);
        }

        Tell(observer => observer.Noted(text));
    }

    private void Tell(Action<IPipelineObserver> call)
    {
        lock (_gate)
        {
            foreach (IPipelineObserver observer in _observers)
            {
                call(observer);
            }
        }
    }
}
