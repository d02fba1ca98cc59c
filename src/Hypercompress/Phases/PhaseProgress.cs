using Hypercompress.Journal;

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

    /// <summary>Does a part of the phase's work, or takes its result from the journal of the run.</summary>
    /// <typeparam name="T">The result.</typeparam>
    /// <param name="name">Name of the result in the journal: letters, digits and hyphens.</param>
    /// <param name="format">Writes and reads it.</param>
    /// <param name="work">The work.</param>
    /// <returns>The result.</returns>
    public T Keep<T>(string name, IJournalFormat<T> format, Func<T> work) =>
        kept is null ? work() : kept.Do(phase, name, format, work);

    /// <summary>Where the run keeps states of unfinished work; null for a run that keeps nothing.</summary>
    public RunJournal? Journal => kept?.Journal;

    /// <summary>The same phase, for a part of its work that is not reported.</summary>
    /// <returns>Progress that stops with the phase and that no observer receives.</returns>
    public PhaseProgress Quietly() => new(phase, new SilentObserver(), cancellation);

    /// <summary>Reports something that a user should know.</summary>
    /// <param name="text">One sentence.</param>
    public void Note(string text) => observer.Noted(text);
}
