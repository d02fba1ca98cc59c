using Hypercompress.Journal;
using Hypercompress.Processes;

namespace Hypercompress.Phases;

/// <summary>Reports the progress and the measurements of a phase.</summary>
/// <param name="phase">The phase.</param>
/// <param name="observer">Receives the reports.</param>
/// <param name="cancellation">Stops the phase.</param>
/// <param name="kept">Keeps results; null to keep none.</param>
internal sealed class PhaseProgress(
    Phase phase, IPipelineObserver observer, CancellationToken cancellation, KeptWork? kept = null)
{
    /// <summary>Stops the phase.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Reports progress.</summary>
    /// <param name="done">Work done so far.</param>
    /// <param name="total">All of the phase's work; 0 when unknown.</param>
    /// <param name="detail">The piece of work that was just done.</param>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Report(double done, double total, string detail)
    {
        cancellation.ThrowIfCancellationRequested();
        observer.PhaseAdvanced(phase, done, total, detail);
    }

    /// <summary>Reports a value that was measured.</summary>
    /// <param name="series">Name of the series; one of <see cref="MeasuredSeries"/>.</param>
    /// <param name="step">Position in the series, not below the last one.</param>
    /// <param name="value">The value, in the unit of the series.</param>
    public void Measure(string series, long step, double value)
    {
        observer.Measured(phase, series, step, value);
        RunTelemetry.Measured(phase, series, value);
    }

    /// <summary>Reports many values of one kind.</summary>
    /// <param name="series">Name of the series; one of <see cref="MeasuredSeries"/>.</param>
    /// <param name="step">Position in the series, not below the last one.</param>
    /// <param name="values">The values, in the unit of the series.</param>
    public void Distribute(string series, long step, IReadOnlyList<double> values) =>
        observer.Distributed(phase, series, step, values);

    /// <summary>
    /// Does a part of the phase's work, or takes its result from the journal of the run; one process works, and all get
    /// the result.
    /// </summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="part">The part.</param>
    /// <returns>The result.</returns>
    public T Keep<T>(WorkPart<T> part) => kept is null ? part.Work() : kept.Do(phase, part);

    /// <summary>As <see cref="Keep"/>, for a part that all processes work on together.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="part">The part; its work gives the same result in every process.</param>
    /// <returns>The result.</returns>
    public T KeepTogether<T>(WorkPart<T> part) => kept is null ? part.Work() : kept.DoTogether(phase, part);

    /// <summary>As <see cref="Keep"/>, for parts that are dealt to the processes in turns.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="parts">The parts.</param>
    /// <param name="prepare">Done by all processes before a part is worked on; null for nothing.</param>
    /// <returns>The results of all parts, one after the other.</returns>
    public IEnumerable<T> KeepEach<T>(IReadOnlyList<WorkPart<T>> parts, Action? prepare = null) =>
        kept is null ? parts.Select(part => part.Work()) : kept.DoEach(phase, parts, prepare);

    /// <summary>Where the run keeps states of unfinished work; null for a run that keeps nothing.</summary>
    public SharedJournal? Journal => kept?.Journal;

    /// <summary>The processes that work on the run.</summary>
    public IProcessGroup Processes => kept?.Processes ?? SingleProcess.Instance;

    /// <summary>The same phase, for a part of its work that is not reported.</summary>
    /// <returns>Progress that stops with the phase and that no observer receives.</returns>
    public PhaseProgress Quietly() => new(phase, new SilentObserver(), cancellation);

    /// <summary>Reports something that a user should know.</summary>
    /// <param name="text">One sentence.</param>
    public void Note(string text) => observer.Noted(text);
}
