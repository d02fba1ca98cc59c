using Hypercompress.Phases;

namespace Hypercompress;

/// <summary>Passes the progress of a run on.</summary>
/// <param name="progress">Receives it.</param>
internal sealed class ProgressObserver(IProgress<CompressionProgress> progress) : IPipelineObserver
{
    /// <inheritdoc/>
    public void PhaseStarted(Phase phase) => progress.Report(new CompressionProgress(phase, 0, string.Empty));

    /// <inheritdoc/>
    public void PhaseAdvanced(Phase phase, double done, double total, string detail) => progress.Report(
        new CompressionProgress(phase, total > 0 ? double.Clamp(done / total, 0, 1) : null, detail));

    /// <inheritdoc/>
    public void PhaseEnded(PhaseRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        progress.Report(new CompressionProgress(record.Phase, 1, string.Empty));
    }

    /// <inheritdoc/>
    public void Noted(string text)
    {
    }
}
