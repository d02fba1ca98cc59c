using System.Collections.Immutable;
using System.Diagnostics;
using Hypercompress.Journal;
using Hypercompress.Processes;
using static TorchSharp.torch;

namespace Hypercompress.Phases;

/// <summary>
/// Gives every phase what all phases need: time, memory, progress, cancellation and a dispose scope for its tensors.
/// </summary>
/// <param name="environment">Observers, clock and cancellation of the run.</param>
/// <param name="memoryCeiling">Largest resident set that is allowed, in bytes; null for no ceiling.</param>
internal sealed class PhaseRunner(RunEnvironment environment, long? memoryCeiling)
{
    private readonly ImmutableArray<PhaseRecord>.Builder _records = ImmutableArray.CreateBuilder<PhaseRecord>();
    private readonly KeptWork _kept = new(environment);
    private Func<PhaseRecord>? _running;

    /// <summary>All phases that have ended.</summary>
    public ImmutableArray<PhaseRecord> Records => _records.ToImmutable();

    /// <summary>All phases that have ended, and the running one up to this moment.</summary>
    public ImmutableArray<PhaseRecord> RecordsSoFar => _running is null ? Records : Records.Add(_running());

    /// <summary>Stops the run.</summary>
    public CancellationToken Cancellation => environment.Cancellation;

    /// <summary>The processes that work on the run.</summary>
    public IProcessGroup Processes => environment.Processes;

    /// <summary>Where the results of phases are kept; null for a run that keeps nothing.</summary>
    public SharedJournal? Journal
    {
        get => _kept.Journal;
        set => _kept.Journal = value;
    }

    /// <summary>Whether the result of a phase is kept; done by all processes.</summary>
    /// <param name="phase">The phase.</param>
    /// <returns>False where the run has not come to its end yet.</returns>
    public bool IsKept(Phase phase) => Journal?.Has(phase.Key) ?? false;

    /// <summary>Time of the phases that other processes have done for this run.</summary>
    public double KeptSeconds => _kept.FoundSeconds;

    /// <summary>Runs a phase whose result is kept, or takes the result that is kept already.</summary>
    /// <typeparam name="T">Its result; tensors in it must have left the phase's dispose scope.</typeparam>
    /// <param name="phase">The phase.</param>
    /// <param name="format">Writes and reads the result.</param>
    /// <param name="work">Its work, which reports to the progress that it is given; one process does it.</param>
    /// <returns>The result.</returns>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="InsufficientMemoryException">The process outgrew the memory ceiling.</exception>
    public T Run<T>(Phase phase, IJournalFormat<T> format, Func<PhaseProgress, T> work) =>
        Run(phase, progress => progress.Keep(new WorkPart<T>(phase.Key, format, () => work(progress))));

    /// <summary>As <see cref="Run{T}(Phase, IJournalFormat{T}, Func{PhaseProgress, T})"/>, for a phase that all
    /// processes work on together.</summary>
    /// <typeparam name="T">Its result; tensors in it must have left the phase's dispose scope.</typeparam>
    /// <param name="phase">The phase.</param>
    /// <param name="format">Writes and reads the result.</param>
    /// <param name="work">Its work, with the same result in every process.</param>
    /// <returns>The result.</returns>
    public T RunTogether<T>(Phase phase, IJournalFormat<T> format, Func<PhaseProgress, T> work) =>
        Run(phase, progress => progress.KeepTogether(new WorkPart<T>(phase.Key, format, () => work(progress))));

    /// <summary>Runs a phase.</summary>
    /// <typeparam name="T">Its result; tensors in it must have left the phase's dispose scope.</typeparam>
    /// <param name="phase">The phase.</param>
    /// <param name="work">Its work, which reports to the progress that it is given.</param>
    /// <returns>The result of the work.</returns>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="InsufficientMemoryException">The process outgrew the memory ceiling.</exception>
    public T Run<T>(Phase phase, Func<PhaseProgress, T> work)
    {
        ArgumentNullException.ThrowIfNull(phase);
        ArgumentNullException.ThrowIfNull(work);
        environment.Cancellation.ThrowIfCancellationRequested();
        environment.Log.PhaseStarted(phase);
        long started = environment.Clock.GetTimestamp();
        double before = _kept.FoundSeconds;
        PhaseRecord UpToNow() => new(
            phase,
            environment.Clock.GetElapsedTime(started).TotalSeconds + _kept.FoundSeconds - before,
            PeakMemory());
        Func<PhaseRecord>? outer = _running;
        _running = UpToNow;
        T result;
        try
        {
            result = RunTraced(phase, work);
        }
        finally
        {
            _running = outer;
        }

        PhaseRecord record = UpToNow();
        _records.Add(record);
        environment.Log.PhaseEnded(record);
        RunTelemetry.Ended(record);
        CheckCeiling(record);
        return result;
    }

    /// <summary>Wall time of all phases of one kind so far.</summary>
    /// <param name="phase">The phase.</param>
    /// <returns>Seconds; 0 when the phase has not run.</returns>
    public double SecondsOf(Phase phase) =>
        _records.Where(record => record.Phase == phase).Sum(record => record.Seconds);

    private T RunTraced<T>(Phase phase, Func<PhaseProgress, T> work)
    {
        using Activity? activity = RunTelemetry.BeginPhase(phase);
        using var scope = NewDisposeScope();
        try
        {
            return work(new PhaseProgress(phase, environment.Log, environment.Cancellation, _kept));
        }
        catch (Exception fault)
        {
            activity?.SetStatus(ActivityStatusCode.Error, fault.Message);
            throw;
        }
    }

    private static long PeakMemory()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64;
    }

    private void CheckCeiling(PhaseRecord record)
    {
        if (memoryCeiling is long ceiling && record.PeakMemoryBytes > ceiling)
        {
            throw new InsufficientMemoryException(
                $"after '{record.Phase}' the process had used {record.PeakMemoryBytes} bytes, more than the ceiling "
                + $"of {ceiling}: raise --max-ram, or lower data.calibration_tokens and evaluation.window");
        }
    }
}
