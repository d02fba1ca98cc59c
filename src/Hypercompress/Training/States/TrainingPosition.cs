namespace Hypercompress.Training.States;

/// <summary>Where a training run is, as it is kept.</summary>
/// <param name="IsClosing">Whether the codes are decided, and scales and vectors alone move.</param>
/// <param name="Done">Steps of that part.</param>
/// <param name="IsStopped">Whether the part before ended early.</param>
/// <param name="Caution">Factor of the learning rate.</param>
/// <param name="Rollbacks">How often the run went back to its best state.</param>
/// <param name="Seconds">Time of training so far.</param>
internal sealed record TrainingPosition(
    bool IsClosing, int Done, bool IsStopped, double Caution, int Rollbacks, double Seconds);
