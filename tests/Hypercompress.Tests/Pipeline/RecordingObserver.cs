using System.Collections.Concurrent;
using Hypercompress.Phases;

namespace Hypercompress.Tests.Pipeline;

/// <summary>Writes down what happens, and does something when a phase starts or measures.</summary>
internal sealed class RecordingObserver(Action<string>? onStart = null, Action<string, long>? onMeasured = null)
    : IPipelineObserver
{
    private int _inside;

    public ConcurrentQueue<string> Events { get; } = [];

    public ConcurrentQueue<Measurement> Measurements { get; } = [];

    /// <summary>What the run said that it would take; null where it said nothing.</summary>
    public RunForecast? Forecast { get; private set; }

    /// <summary>Whether two calls ever came at the same time.</summary>
    public bool WasEnteredTwice { get; private set; }

    public IEnumerable<string> Started =>
        Events.Where(text => text.StartsWith("start ", StringComparison.Ordinal)).Select(text => text[6..]);

    public IEnumerable<string> Ended =>
        Events.Where(text => text.StartsWith("end ", StringComparison.Ordinal)).Select(text => text[4..]);

    public void Expected(RunForecast forecast) => Forecast = forecast;

    public void PhaseStarted(Phase phase)
    {
        Record($"start {phase}");
        onStart?.Invoke(phase.Name);
    }

    public void PhaseAdvanced(Phase phase, double done, double total, string detail) =>
        Record($"{phase} {done}/{total} {detail}");

    public void Measured(Phase phase, string series, long step, double value)
    {
        Measurements.Enqueue(new Measurement(phase, series, step, value));
        onMeasured?.Invoke(phase.Name, step);
    }

    public void Distributed(Phase phase, string series, long step, IReadOnlyList<double> values) =>
        Record($"{phase} {series} {step}: {string.Join(' ', values)}");

    public void PhaseEnded(PhaseRecord record) => Record($"end {record.Phase}");

    public void Noted(string text) => Record($"note {text}");

    private void Record(string text)
    {
        WasEnteredTwice |= Interlocked.Increment(ref _inside) > 1;
        Events.Enqueue(text);
        Interlocked.Decrement(ref _inside);
    }
}
