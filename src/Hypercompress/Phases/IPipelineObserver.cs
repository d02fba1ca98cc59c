namespace Hypercompress.Phases;

/// <summary>Is told what the pipeline does. Calls may come from several threads, one at a time.</summary>
public interface IPipelineObserver
{
    /// <summary>A phase begins.</summary>
    /// <param name="phase">Its name.</param>
    void PhaseStarted(string phase);

    /// <summary>A phase moved on.</summary>
    /// <param name="phase">Its name.</param>
    /// <param name="done">Work done so far, in the phase's own unit.</param>
    /// <param name="total">All of its work; 0 when unknown.</param>
    /// <param name="detail">What was just done.</param>
    void PhaseAdvanced(string phase, double done, double total, string detail);

    /// <summary>A phase is over.</summary>
    /// <param name="record">Its time and memory.</param>
    void PhaseEnded(PhaseRecord record);

    /// <summary>Something worth a user's attention.</summary>
    /// <param name="text">One sentence.</param>
    void Noted(string text);
}
