using Hypercompress.Processes;
using Hypercompress.Training.States;

namespace Hypercompress.Training;

/// <summary>Clock, progress reports and cancellation of a training run.</summary>
/// <param name="Time">The clock for speed and remaining time; no result depends on it.</param>
/// <param name="Progress">
/// Receives a report after every step, on the training thread's synchronization context; or null.
/// </param>
/// <param name="Cancellation">Stops the run between two steps with <see cref="OperationCanceledException"/>.</param>
public sealed record TrainingWatch(
    TimeProvider Time, IProgress<TrainingProgress>? Progress = null, CancellationToken Cancellation = default)
{
    /// <summary>Where the state of the run is kept from time to time; null to keep none.</summary>
    internal TrainingCheckpoints? Checkpoints { get; init; }

    /// <summary>The processes that each read a part of every batch.</summary>
    internal IProcessGroup Processes { get; init; } = SingleProcess.Instance;

    /// <summary>The system's clock, without reports or cancellation.</summary>
    public static TrainingWatch None { get; } = new(TimeProvider.System);
}
