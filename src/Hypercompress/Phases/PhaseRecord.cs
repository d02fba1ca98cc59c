namespace Hypercompress.Phases;

/// <summary>What a phase took.</summary>
/// <param name="Name">Name of the phase.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="PeakMemoryBytes">Largest resident set of the process up to the end of the phase.</param>
public sealed record PhaseRecord(string Name, double Seconds, long PeakMemoryBytes);
