using Hypercompress.Processes;

namespace Hypercompress.Phases;

/// <summary>Log, clock, cancellation and threads of a run, which the program around it provides.</summary>
/// <param name="Log">Receives what happens, and keeps the notes.</param>
/// <param name="Clock">For timing.</param>
/// <param name="Threads">CPU threads of one tensor operation, 1 or more.</param>
/// <param name="Cancellation">Stops the run.</param>
internal sealed record RunEnvironment(
    LoggingManager Log, TimeProvider Clock, int Threads, CancellationToken Cancellation)
{
    /// <summary>The processes that work on the run.</summary>
    /// <value>The default is this one alone.</value>
    public IProcessGroup Processes { get; init; } = SingleProcess.Instance;
}
