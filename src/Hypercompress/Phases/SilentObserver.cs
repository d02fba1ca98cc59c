namespace Hypercompress.Phases;

/// <summary>Hears everything and tells nobody.</summary>
internal sealed class SilentObserver : IPipelineObserver
{
    /// <inheritdoc/>
    public void PhaseStarted(string phase)
    {
    }

    /// <inheritdoc/>
    public void PhaseAdvanced(string phase, double done, double total, string detail)
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
