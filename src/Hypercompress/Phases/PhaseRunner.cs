using System.Collections.Immutable;
using System.Diagnostics;
using static TorchSharp.torch;

namespace Hypercompress.Phases;

/// <summary>Wraps every phase in what all phases need: a name, time, memory, progress, cancellation and a dispose scope.</summary>
/// <param name="observer">Is told.</param>
/// <param name="clock">For timing.</param>
/// <param name="memoryCeiling">Largest resident set that is allowed, in bytes; null for no ceiling.</param>
/// <param name="cancellation">Stops the run between and inside phases.</param>
public sealed class PhaseRunner(
    IPipelineObserver observer, TimeProvider clock, long? memoryCeiling, CancellationToken cancellation)
{
    private readonly ImmutableArray<PhaseRecord>.Builder _records = ImmutableArray.CreateBuilder<PhaseRecord>();

    /// <summary>All phases so far.</summary>
    public ImmutableArray<PhaseRecord> Records => _records.ToImmutable();

    /// <summary>Stops the run.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Runs a phase.</summary>
    /// <typeparam name="T">What it yields; tensors in it must have left the phase's dispose scope.</typeparam>
    /// <param name="name">Name of the phase.</param>
    /// <param name="work">The phase; it is given its progress.</param>
    /// <returns>What the phase yields.</returns>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    /// <exception cref="InsufficientMemoryException">The process outgrew the memory ceiling.</exception>
    public T Run<T>(string name, Func<PhaseProgress, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        cancellation.ThrowIfCancellationRequested();
        observer.PhaseStarted(name);
        long started = clock.GetTimestamp();
        T result;
        using (NewDisposeScope())
        {
            result = work(new PhaseProgress(name, observer, cancellation));
        }

        var record = new PhaseRecord(name, clock.GetElapsedTime(started).TotalSeconds, PeakMemory());
        _records.Add(record);
        observer.PhaseEnded(record);
        CheckCeiling(record);
        return result;
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
                $"after '{record.Name}' the process had used {record.PeakMemoryBytes:N0} bytes, more than the ceiling of "
                + $"{ceiling:N0}: raise --max-ram, or lower data.calibration_tokens and evaluation.window");
        }
    }
}
