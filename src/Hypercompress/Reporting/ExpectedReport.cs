namespace Hypercompress.Reporting;

/// <summary>What was said of a run before it began.</summary>
/// <param name="Seconds">Wall time.</param>
/// <param name="PeakRssBytes">Largest resident memory.</param>
public sealed record ExpectedReport(double Seconds, long PeakRssBytes);
