namespace Hypercompress.Phases;

/// <summary>Lets a phase say how far it is.</summary>
/// <param name="phase">Name of the phase.</param>
/// <param name="observer">Is told.</param>
/// <param name="cancellation">Stops the phase.</param>
public sealed class PhaseProgress(string phase, IPipelineObserver observer, CancellationToken cancellation)
{
    /// <summary>Stops the phase.</summary>
    public CancellationToken Cancellation => cancellation;

    /// <summary>Reports progress.</summary>
    /// <param name="done">Work done so far.</param>
    /// <param name="total">All of the phase's work; 0 when unknown.</param>
    /// <param name="detail">What was just done.</param>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Report(double done, double total, string detail)
    {
        cancellation.ThrowIfCancellationRequested();
        observer.PhaseAdvanced(phase, done, total, detail);
    }

    /// <summary>The same phase for a part of its work that does not report itself.</summary>
    /// <returns>Progress that stops the phase, but tells nothing.</returns>
    public PhaseProgress Quietly() => new(phase, new SilentObserver(), cancellation);

    /// <summary>Reports something worth a user's attention.</summary>
    /// <param name="text">One sentence.</param>
    public void Note(string text) => observer.Noted(text);
}
