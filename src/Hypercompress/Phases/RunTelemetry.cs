using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Hypercompress.Phases;

/// <summary>
/// What OpenTelemetry and other listeners of <see cref="System.Diagnostics"/> receive of runs in this process: an
/// activity for each run and, inside it, for each phase; how long phases took; every measured value. Nothing leaves the
/// process unless the program around it listens.
/// </summary>
public static class RunTelemetry
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string Name = "Hypercompress";

    private const string PhaseTag = "hypercompress.phase";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>(
        "hypercompress.phase.duration", "s", "Wall time of a phase.");

    private static readonly Gauge<long> PeakMemory = Meter.CreateGauge<long>(
        "hypercompress.memory.peak", "By", "Largest resident set of the process up to the end of a phase.");

    private static readonly ConcurrentDictionary<string, Gauge<double>> Series = new(StringComparer.Ordinal);

    /// <summary>Begins the activity of a run.</summary>
    /// <param name="what">What it does, such as <c>compress</c>.</param>
    /// <param name="model">Label of the model.</param>
    /// <returns>The activity, ended by disposing it; null when nobody listens.</returns>
    internal static Activity? BeginRun(string what, string model) =>
        Source.StartActivity(what)?.SetTag("hypercompress.model", model);

    /// <summary>Begins the activity of a phase.</summary>
    /// <param name="phase">The phase.</param>
    /// <returns>The activity, ended by disposing it; null when nobody listens.</returns>
    internal static Activity? BeginPhase(Phase phase) => Source.StartActivity(phase.Name);

    /// <summary>Records the end of a phase.</summary>
    /// <param name="record">Its time and memory.</param>
    internal static void Ended(PhaseRecord record)
    {
        var phase = KeyValuePair.Create(PhaseTag, (object?)record.Phase.Name);
        Durations.Record(record.Seconds, phase);
        PeakMemory.Record(record.PeakMemoryBytes, phase);
    }

    /// <summary>Records a measured value.</summary>
    /// <param name="phase">The phase that measured it.</param>
    /// <param name="series">Name of the series; one of <see cref="MeasuredSeries"/>.</param>
    /// <param name="value">The value.</param>
    internal static void Measured(Phase phase, string series, double value) => Series
        .GetOrAdd(series, name => Meter.CreateGauge<double>(
            $"hypercompress.{name.Replace(' ', '_').Replace('-', '_')}", description: $"{name} of a run."))
        .Record(value, KeyValuePair.Create(PhaseTag, (object?)phase.Name));
}
