namespace Hypercompress.Phases;

/// <summary>What a run is given by the program around it.</summary>
/// <param name="Log">Receives what happens, and keeps the notes.</param>
/// <param name="Clock">For timing.</param>
/// <param name="Cancellation">Stops the run.</param>
/// <param name="Threads">CPU threads of one tensor operation, 1 or more.</param>
public sealed record RunEnvironment(LoggingManager Log, TimeProvider Clock, CancellationToken Cancellation, int Threads);
