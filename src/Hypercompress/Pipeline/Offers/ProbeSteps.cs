using Hypercompress.Phases;

namespace Hypercompress.Pipeline.Offers;

/// <summary>Counts the steps of a phase that several threads advance.</summary>
/// <param name="progress">The phase.</param>
/// <param name="done">Steps that are done already.</param>
/// <param name="total">All steps of the phase.</param>
internal sealed class ProbeSteps(PhaseProgress progress, int done, int total)
{
    private int _done = done;

    /// <summary>Reports one more step.</summary>
    /// <param name="site">Name of the site that it was about.</param>
    /// <exception cref="OperationCanceledException">The run was stopped.</exception>
    public void Advance(string site) => progress.Report(Interlocked.Increment(ref _done), total, site);
}
