namespace Hypercompress.Phases;

/// <summary>Time and memory of a phase that has ended.</summary>
/// <param name="Phase">The phase.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="PeakMemoryBytes">Largest resident set of the process up to the end of the phase.</param>
public sealed record PhaseRecord(Phase Phase, double Seconds, long PeakMemoryBytes);
