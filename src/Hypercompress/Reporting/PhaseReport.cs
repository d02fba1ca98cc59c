namespace Hypercompress.Reporting;

/// <summary>How long a phase took.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seconds">Wall-clock seconds, over all runs when it was resumed.</param>
public sealed record PhaseReport(string Name, double Seconds)
{
    /// <summary>Largest resident memory of the process up to the end of the phase; 0 where it is not known.</summary>
    public long PeakRssBytes { get; init; }
}
