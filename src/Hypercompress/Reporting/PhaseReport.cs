namespace Hypercompress.Reporting;

/// <summary>How long a phase took.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Seconds">Wall-clock seconds, over all runs when it was resumed.</param>
public sealed record PhaseReport(string Name, double Seconds);
