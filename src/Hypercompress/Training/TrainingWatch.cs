namespace Hypercompress.Training;

/// <summary>Who watches a training run, and how it is told to stop.</summary>
/// <param name="Time">The clock for speed and remaining time; no result depends on it.</param>
/// <param name="Progress">Told about every step, on the training thread's synchronization context; or null.</param>
/// <param name="Cancellation">Stops the run between two steps with <see cref="OperationCanceledException"/>.</param>
public sealed record TrainingWatch(
    TimeProvider Time, IProgress<TrainingProgress>? Progress = null, CancellationToken Cancellation = default)
{
    /// <summary>The system's clock and nobody who listens.</summary>
    public static TrainingWatch None { get; } = new(TimeProvider.System);
}
