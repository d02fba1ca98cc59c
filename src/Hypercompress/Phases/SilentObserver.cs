namespace Hypercompress.Phases;

/// <summary>An observer that ignores all events.</summary>
internal sealed class SilentObserver : IPipelineObserver
{
    /// <inheritdoc/>
    public void PhaseStarted(Phase phase)
    {
    }

    /// <inheritdoc/>
    public void PhaseAdvanced(Phase phase, double done, double total, string detail)
    {
    }

    /// <inheritdoc/>
    public void PhaseEnded(PhaseRecord record)
    {
    }

    /// <inheritdoc/>
    public void Noted(string text)
    {
    }
}
